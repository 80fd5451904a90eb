"""Who is there: each person once, where they moved last, until no window of theirs is heard of."""

from __future__ import annotations

from applyweb.web.names import initials
from applyweb.web.sockets.roster import MOST, Present, Roster, Window


def window(person: int, name: str, hunk: str = "", at: float = 0, until: float = 100) -> Window:
    return Window(person, name, hunk, at, until)


def test_a_person_in_two_windows_is_there_once_where_they_moved_last() -> None:
    roster = Roster()
    roster.hear("a", window(1, "Ada", "h1", 1))
    roster.hear("b", window(1, "Ada", "h2", 2))
    roster.hear("c", window(2, "bo", "h3", 1))
    roster.hear("d", window(3, "Me", "h3", 1))
    assert roster.people(but=3) == [Present(1, "Ada", "h2"), Present(2, "bo", "h3")]
    roster.hear("b", window(1, "Ada", "h2", 9))  # said again, not moved
    roster.hear("a", window(1, "Ada", "h4", 5))
    assert roster.people(but=3)[0].hunk == "h4"
    roster.forget("a")
    assert roster.people(but=3)[0].hunk == "h2"
    roster.forget("b")
    roster.forget("b")
    assert roster.people(but=3) == [Present(2, "bo", "h3")]


def test_what_is_not_heard_of_in_time_is_gone() -> None:
    roster = Roster()
    roster.hear("a", window(1, "Ada", until=10))
    roster.hear("b", window(2, "Bo", until=20))
    roster.expire(10)
    assert [each.name for each in roster.people(but=0)] == ["Ada", "Bo"]
    roster.expire(15)
    assert [each.name for each in roster.people(but=0)] == ["Bo"]


def test_a_crowd_is_bounded() -> None:
    roster = Roster()
    for number in range(MOST + 50):
        roster.hear(str(number), window(number, f"n{number}"))
    roster.hear("0", window(0, "n0", "h1", 1))
    assert len(roster) == MOST
    assert {each.hunk for each in roster.people(but=-1) if each.person == 0} == {"h1"}


def test_initials_are_two_letters() -> None:
    assert [initials(name) for name in ("Ada Lovelace", "ada", "Ada de la Cruz", "å", "")] == [
        "AL",
        "AD",
        "AC",
        "Å",
        "",
    ]
