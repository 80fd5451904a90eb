"""A language model's reply while it arrives, cut anywhere: the file inside its tags.

Must not know: sockets, engines, time, the original file. Sans-I/O: text in, text out.
"""

from __future__ import annotations

import re

from applyweb.core.chat.blocks import split_blocks
from applyweb.core.text import split_end, split_lines

_FENCE_OPEN = re.compile(r"(`{3,}|~{3,})[^`\r\n]{0,200}\r?\n")
_FENCE_START = re.compile(r"(`{0,2}|~{0,2}|(`{3,}|~{3,})[^`\r\n]{0,200}\r?)\Z")


class UpdateReader:
    """Takes the reply of a model that writes a whole file between two tags, cut anywhere.

    The text before the open tag is ignored. One newline right after the open tag and one right before the
    close tag belong to the tags. Where everything between the tags stands in one markdown fence, the fence
    goes too, with the newline on its inner side; pass `unwrap_fence=False` for a file that itself begins
    with a fence. A reply that was prefilled with the open tag is read by feeding that first. Small models forget the
    tags: a reply without any that holds one closed fence is taken to hold the file there, given at `close`.

    `opened`, `closed`: which tags were seen. `fence_only`: there were none, but one fence. `fence_unclosed`: a fence
    was opened that nothing closed, so the text may have lost a line or its end. `trailing`: what follows the close
    tag, "" where that is blank.
    """

    def __init__(self, open_tag: str, close_tag: str, *, unwrap_fence: bool = True) -> None:
        if not open_tag or not close_tag:
            raise ValueError("both tags must be given")
        self._open_tag = open_tag
        self._close_tag = close_tag
        self._unwrap_fence = unwrap_fence
        self._buffer = ""  # arrived and not yet sure
        self._begun = False  # the newline and the fence after the open tag are dealt with
        self._fence = ""
        self._given = False  # some text of the file was already returned
        self._after = ""
        self._before: list[str] = []  # what came before the open tag
        self.opened = False
        self.closed = False
        self.fence_only = False
        self.fence_unclosed = False

    @property
    def trailing(self) -> str:
        return self._after if self._after.strip() else ""

    def feed(self, chunk: str) -> str:
        """The file text that is now sure; the pieces of all calls joined, with `close()`, are the file."""
        if self.closed:
            self._after += chunk
            return ""
        self._buffer += chunk
        if not self.opened:
            self._before.append(chunk)
            at = self._buffer.find(self._open_tag)
            if at < 0:
                self._buffer = self._buffer[-(len(self._open_tag) - 1) :] if len(self._open_tag) > 1 else ""
                return ""
            self.opened = True
            self._before.clear()
            self._buffer = self._buffer[at + len(self._open_tag) :]
        at = self._buffer.find(self._close_tag)
        if at >= 0:
            self._after = self._buffer[at + len(self._close_tag) :]
            self._buffer = self._buffer[:at]
            self.closed = True
            return self._rest()
        if not self._begun and not self._begin(final=False):
            return ""
        sure = self._sure()
        text, self._buffer = self._buffer[:sure], self._buffer[sure:]
        self._given = self._given or bool(text)
        return text

    def close(self) -> str:
        """The rest, when nothing more will come."""
        if self.closed:
            return ""
        return self._rest() if self.opened else self._only_fence()

    def _only_fence(self) -> str:
        lines = [split_end(line)[0] for line in split_lines("".join(self._before))]
        fences = [block for block in split_blocks(lines) if block.kind == "fence"]
        if not self._unwrap_fence or len(fences) != 1 or not fences[0].closed:
            return ""
        self.fence_only = True
        return "\n".join(fences[0].lines)

    def _rest(self) -> str:
        if not self._begun:
            self._begin(final=True)
        text, self._buffer = self._buffer, ""
        if self.closed:
            text = _without_last_newline(text)
        if self._fence:
            closing = self._closing_fence(text)
            if closing is not None:
                return text[:closing]
            self.fence_unclosed = True
        return text

    def _closing_fence(self, text: str) -> int | None:
        """Where the last line of `text` closes the fence: the place of the newline before it."""
        sign = re.escape(self._fence[0])
        fence = rf"{sign}{{{len(self._fence)},}}\s*\Z"
        found = re.search(rf"\r?\n{fence}", text)
        if found is None and not self._given:
            found = re.match(fence, text)
        return found.start() if found else None

    def _begin(self, *, final: bool) -> bool:
        """Drops what belongs to the protocol at the start; False while more text is needed to tell."""
        text = self._buffer
        if not final and text in ("", "\r"):
            return False
        text = text.removeprefix("\r\n") if text.startswith("\r\n") else text.removeprefix("\n")
        if self._unwrap_fence:
            fence = _FENCE_OPEN.match(text)
            if fence:
                self._fence = fence.group(1)
                text = text[fence.end() :]
            elif not final and _FENCE_START.match(text):
                return False
        self._buffer = text
        self._begun = True
        return True

    def _sure(self) -> int:
        """How much of the buffer cannot belong to the closing newline, fence or tag any more."""
        text = self._buffer
        end = len(text)
        for size in range(min(len(self._close_tag) - 1, end), 0, -1):
            if text.endswith(self._close_tag[:size]):
                end -= size
                break
        if self._fence:
            end = len(text[:end].rstrip())
            end = len(text[:end].rstrip(self._fence[0]))
        if text[:end].endswith("\n"):
            end -= 1
        if text[:end].endswith("\r"):
            end -= 1
        return end


def _without_last_newline(text: str) -> str:
    return text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
