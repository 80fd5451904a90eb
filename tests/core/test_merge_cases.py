"""Hand-written merges, one file each in tests/core/cases.

A file has a head of `key: value` lines, then `=== original`, `=== chat` and, where the result is wanted,
`=== expected`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from applyweb.core.merge import MergeRefused, merge

CASES = sorted(Path(__file__).with_name("cases").glob("*.case"))


def read_case(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    head, *sections = re.split(r"^=== (original|chat|expected)\n", path.read_text(encoding="utf-8"), flags=re.M)
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return facts, dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_merge_of_a_case(path: Path) -> None:
    facts, texts = read_case(path)
    if "refused" in facts:
        with pytest.raises(MergeRefused) as refusal:
            merge(texts["original"], texts["chat"], path=facts["path"])
        assert refusal.value.code == facts["refused"]
        return
    result = merge(texts["original"], texts["chat"], path=facts["path"])
    if "expected" in texts:
        assert result.text == texts["expected"]
    assert result.confidence == facts["confidence"], result.notes
    if "note" in facts:
        assert facts["note"] in [note.code for note in result.notes]


def test_there_are_cases() -> None:
    assert len(CASES) >= 35
