"""What a model server says, kept in a file that cannot grow without end.

A server that reports every step writes some hundred bytes each, days on end. Must not know: servers, processes.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path
from typing import IO

_MOST = 20_000_000  # bytes of a file; the one before it is kept beside it, so that there are twice as many
_TAIL = 3000  # bytes of a log that a failure shows
_CHUNK = 1 << 16
_log = logging.getLogger(__name__)


class Log:
    """Appends what `source` gives to the file `path` until it ends; where the file gets too large it becomes PATH.1 and
    a new one begins. What earlier servers said stays before it, and is never shown as this one's."""

    def __init__(self, path: Path, source: IO[bytes]) -> None:
        """Errors: OSError; the source is left as it is then."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._source = source
        self._sink = path.open("ab", buffering=0)
        try:
            if self._sink.tell() > _MOST:
                self._rotate()
            self._sink.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')} started\n".encode())
        except OSError:
            self._sink.close()
            raise
        self._began = self._sink.tell()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def tail(self) -> str:
        """The end of what this server said."""
        try:
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(self._began, end - _TAIL))
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""  # a new one begins just now

    def last_line(self) -> str:
        """The last line that says something."""
        lines = [line.strip() for line in self.tail().splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def settle(self, within: float = 5.0) -> None:
        """To be called when the server has ended, before its last words are shown. A child that outlives it may hold
        the source open, so this waits no longer than so many seconds."""
        self._reading.join(within)

    def _read(self) -> None:
        full = False
        with self._source:
            while chunk := os.read(self._source.fileno(), _CHUNK):
                try:
                    if self._sink.tell() + len(chunk) > _MOST:
                        self._rotate()
                    self._sink.write(chunk)
                except OSError as error:
                    # Read on: a server whose output nobody takes stands still.
                    if not full:
                        _log.warning("%s cannot be written: %s", self.path, error.strerror)
                    full = True
        self._sink.close()

    def _rotate(self) -> None:
        self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        before, self._sink = self._sink, self.path.open("ab", buffering=0)
        self._began = 0
        before.close()
