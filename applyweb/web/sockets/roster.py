"""Who looks at one apply now, as one socket has heard: people with their windows, each of which must be heard of again
in time. Must not know: sockets, how it is heard, what time it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST = 500  # windows; of more the rest is not known


@dataclass(frozen=True, slots=True)
class Window:
    """One open page of a person. `hunk` is the one that they are at, "" for none; `moved_at` is when they came to it,
    and after `until` nothing is known of it."""

    person: int
    name: str
    hunk: str
    moved_at: float
    until: float


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is there, however many windows they have; `hunk` is where they moved last."""

    person: int
    name: str
    hunk: str


class Roster:
    """The windows of an apply, one's own left out."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def hear(self, window_id: str, heard: Window) -> None:
        """A window says that it is there, for the first time or again."""
        known = self._windows.get(window_id)
        if known is None and len(self._windows) >= MOST:
            return
        if known is not None and known.hunk == heard.hunk:
            heard = replace(heard, moved_at=known.moved_at)
        self._windows[window_id] = heard

    def forget(self, window_id: str) -> None:
        """A window was closed."""
        self._windows.pop(window_id, None)

    def expire(self, now: float) -> None:
        """Forgets the windows that were not heard of in time: their process died, or the way to it."""
        for window_id in [key for key, window in self._windows.items() if window.until < now]:
            self.forget(window_id)

    def people(self, but: int) -> list[Present]:
        """Who is there besides the person `but`, by name."""
        latest: dict[int, Window] = {}
        for window in self._windows.values():
            known = latest.get(window.person)
            if window.person != but and (known is None or known.moved_at <= window.moved_at):
                latest[window.person] = window
        found = [Present(person, window.name, window.hunk) for person, window in latest.items()]
        return sorted(found, key=lambda each: (each.name.casefold(), each.person))
