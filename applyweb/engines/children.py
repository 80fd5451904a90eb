"""How processes that are children of ours end with us. Must not know: what they are started for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Reads the group's id, then waits for a word. Where none comes the pipe has just ended, and with it who held it.
_WATCH = """
import os, signal, sys
group = sys.stdin.readline()
if group and not sys.stdin.read():
    try:
        os.killpg(int(group), signal.SIGKILL)
    except ProcessLookupError:
        pass
"""


def end_with_parent(parent: int) -> None:
    """To be called first in a child: it then ends within a second of its parent (a process id), however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def group_ends_with_us() -> Iterator[Callable[[int], None]]:
    """For a program that is not ours, where nothing can be called inside: gives a function to be told the id of its
    process group, which is then killed when this process ends within the block, however that ends. Errors: OSError."""
    watch = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what ends our group must not end the watch
        text=True,
    )
    assert watch.stdin is not None
    pipe = watch.stdin

    def follow(group: int) -> None:
        pipe.write(f"{group}\n")
        pipe.flush()

    try:
        yield follow
    finally:
        with suppress(BrokenPipeError), pipe:  # it may have been ended by somebody
            pipe.write("over\n")
        watch.wait()
