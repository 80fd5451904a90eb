"""Numbers that a person gives to a command, refused with a sentence where they cannot be. Must not know: commands."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

LAST_PORT = 65535


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """The type of an argument: a whole number from `least` on, to `most`."""

    def read(word: str) -> int:
        try:
            value = int(word)
        except ValueError as error:
            raise ArgumentTypeError(f"{word!r} is no whole number.") from error
        if value < least or (most is not None and value > most):
            raise ArgumentTypeError(f"{word} is not from {least}{' on' if most is None else f' to {most}'}.")
        return value

    return read


def seconds(word: str) -> float:
    """The type of an argument: a time of zero or more."""
    try:
        value = float(word)
    except ValueError as error:
        raise ArgumentTypeError(f"{word!r} is no number of seconds.") from error
    if not 0 <= value < 1e9:  # also false for NaN
        raise ArgumentTypeError(f"{word} is no number of seconds.")
    return value


def widths(word: str) -> list[int]:
    """The type of an argument: draft widths, apart by commas. A step verifies two tokens at least."""
    return [whole(2, 4096)(each.strip()) for each in word.split(",")]


port = whole(1, LAST_PORT)
