"""SGLang's own NGRAM beside our drafts: the same replays, by its own code in the Python that has it.

Must not know: arguments, output; how NGRAM works (`ngram_replay`, which runs over there).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from pathlib import Path

from applyweb.serving.bench.drafts import NGRAM, Accepted

BREADTHS = (1, 8)  # that of the launch profiles, and the corpus's own default
# 12 is SGLang's default and the launch profiles'; at 256 each of its drafts takes it milliseconds.
WIDTHS = (12, 16, 32, 64, 128)
_SCRIPT = Path(__file__).with_name("ngram_replay.py")


class NoNgram(RuntimeError):
    """It could not be replayed; `str(error)` says why."""


def accepted(
    python: str, tokens: Path, cases: int, breadths: Iterable[int] = BREADTHS, widths: Iterable[int] = WIDTHS
) -> Generator[Accepted, None, None]:
    """NGRAM at each breadth and width over the replays of the file, `cases` in number, a JSON object a line. Errors:
    NoNgram."""
    words = [python, "-P", str(_SCRIPT), str(tokens), *(",".join(map(str, each)) for each in (breadths, widths))]
    try:
        # Its own log lines go where ours do; what it measured is all that comes on its standard output.
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        raise NoNgram(f"{python} cannot be run: {error.strerror}.") from error
    with process, ExitStack() as unless_read:
        assert process.stdout is not None
        unless_read.callback(process.terminate)  # whoever reads has stopped, or is ended: it must not go on alone
        yield from (_row(line, cases) for line in process.stdout if line.startswith("{"))
        unless_read.pop_all()
    if process.returncode:
        raise NoNgram(f"{python} ended with {process.returncode} (above it says why). It must be one that has SGLang.")


def _row(line: str, cases: int) -> Accepted:
    told = json.loads(line)
    return Accepted(
        f"{NGRAM}, breadth {told['breadth']}", told["width"], cases, told["tokens"], told["steps"], told["microseconds"]
    )
