"""A merge has a budget: what is beyond it goes unplaced with a note, and is never certain."""

from __future__ import annotations

from applyweb.core.chat import parse
from applyweb.core.merge import merge
from applyweb.core.merge.document import Document
from applyweb.core.merge.run import Run
from applyweb.core.merge.work import LIMIT, Work

ORIGINAL = "".join(f"def part_{n}():\n    first_{n} = {n}\n    return first_{n}\n\n\n" for n in range(40))


def _search(old: str, new: str) -> str:
    return f"<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n"


def _run(chat: str, limit: int) -> Run:
    run = Run(Document(ORIGINAL, "python"), "python", "a.py", chat, Work(limit))
    run.apply_all(parse(chat).edits)
    return run


def test_patches_beyond_the_budget_are_noted_and_not_placed() -> None:
    chat = "".join(_search(f"    first_{n} = {n}", f"    first_{n} = -{n}") for n in range(10))
    run = _run(chat, 3 * 200)
    assert (run.seen, run.placed) == (10, 3)
    assert [(note.code, note.severity) for note in run.notes] == [("too_many_changes", "error")] * 7
    assert "first_2 = -2" in run.document.text()
    assert "first_3 = 3" in run.document.text()


def test_pieces_of_code_beyond_the_budget_are_noted_and_not_placed() -> None:
    chat = "".join(f"Now:\n\n```python\ndef part_{n}():\n    return {n}\n```\n\n" for n in range(5))
    run = _run(chat, 2 * 6 * 200 - 100)
    assert (run.seen, run.placed) == (5, 2)
    assert [note.code for note in run.notes if note.severity == "error"] == ["too_many_changes"] * 3


def test_missing_patches_are_read_for_once_and_searched_for_within_the_budget() -> None:
    chat = "".join(_search(f"zz{n} qq{n}\nvv{n} ww{n}", "x") for n in range(50))
    run = _run(chat, 3000)
    assert (run.seen, run.placed) == (50, 0)
    assert 3000 <= run.work.spent <= 4000
    assert run.document.unread == 0


def test_an_ordinary_answer_stays_far_below_the_budget() -> None:
    chat = "".join(_search(f"    first_{n} = {n}", f"    first_{n} = -{n}") for n in range(40))
    assert merge(ORIGINAL, chat, path="a.py").confidence == "certain"
    assert _run(chat, LIMIT).work.spent < LIMIT // 900
