"""What a model cannot be trusted to copy, put back from the original: line ends, byte-order mark, last newline.

Must not know: prompts, tags, servers. Pure text.
"""

from __future__ import annotations

import re

from applyweb.core.text import BOM, describe, split_end, split_lines

_PARTS = re.compile(r"\r\n|\r|\n|[^\r\n]+")
_NEAR = 64  # lines that a line of a file with mixed ends is looked for; further on, an equal line is another line


class CopiedEnds:
    """Takes the merged text as a model wrote it, cut anywhere, and gives it with the line ends of the original. The
    last line end is expected to be missing (it belongs to the tags) and is there again where the original has one.

    In a file with mixed ends each line gets the end of the equal line of the original, else the commonest end.
    """

    def __init__(self, original: str) -> None:
        facts = describe(original)
        lines = split_lines(original.removeprefix(BOM))
        self.mixed = facts.mixed_ends
        self._end = facts.line_end
        self._last_end = split_end(lines[-1])[1] if lines else facts.line_end
        self._start = BOM if facts.bom else ""
        self._known = [split_end(line) for line in lines] if self.mixed else []
        self._next = 0
        self._line: list[str] = []  # the pieces of the line being written
        self._held = ""  # a CR whose LF may still come
        self._written = False
        self._blank = original if not original.removeprefix(BOM).removesuffix(facts.line_end) else ""

    def feed(self, piece: str) -> str:
        """The text that is now sure."""
        text = self._held + piece
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix(self._held)
        if not text:
            return ""
        out = [] if self._written else [self._start]
        self._written = True
        for part in _PARTS.findall(text):
            if part[0] in "\r\n":
                out.append(self._end_of("".join(self._line)))
                self._line.clear()
            else:
                self._line.append(part)
                out.append(part)
        return "".join(out)

    def close(self, *, whole: bool) -> str:
        """The rest. The last line end comes back to a `whole` file only; an empty answer stays empty, unless the
        original is one blank line or less, which an empty answer repeats."""
        rest = self.feed("\n") if self._held else ""  # completes a CRLF
        if not whole:
            return rest
        return rest + self._last_end if self._written else self._blank

    def _end_of(self, line: str) -> str:
        for place in range(self._next, min(self._next + _NEAR, len(self._known))):
            content, end = self._known[place]
            if content == line and end:
                self._next = place + 1
                return end
        return self._end
