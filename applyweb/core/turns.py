"""Whose turn it is where several people wait for a few places. Must not know: what they wait for, how."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import count
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)


def in_turn(waiting: Sequence[Person], held: Mapping[Person, int], served: Iterable[Person] = ()) -> list[int]:
    """The indexes of `waiting`, which is in the order in which they came, in the order in which their turn comes while
    no place is given back. The next place is for the person who has the fewest; of several for who got one least
    lately, who never did before all; of several of these for who came first. So nobody who has none waits for more than
    one request of each other person, however many these have sent before. `served` are those who got a place before, by
    when they last did, the latest last."""
    queues: dict[Person, deque[int]] = {}
    for index, person in enumerate(waiting):
        queues.setdefault(person, deque()).append(index)
    places, clock = Counter(dict(held)), count(1)
    last = {person: next(clock) for person in served}
    turns = []
    while queues:
        person = min(queues, key=lambda each: (places[each], last.get(each, 0), queues[each][0]))
        turns.append(queues[person].popleft())
        places[person] += 1
        last[person] = next(clock)
        if not queues[person]:
            del queues[person]
    return turns
