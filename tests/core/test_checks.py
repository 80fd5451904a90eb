import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.checks import Check, run
from tests.core.texts import text_pairs

CODES = (
    "marker_leak",
    "truncation",
    "no_op",
    "fence_leak",
    "loop",
    "blast_radius",
    "syntax",
    "spacing",
    "bidi",
    "confusables",
)
ORIGINAL = "".join(f"def f_{n}(x):\n    y = x + {n}\n    return y\n\n\n" for n in range(12)) + "END = 1\n"
EDIT = "def f_3(x):\n    y = x + 300\n    return y\n"
MERGED = ORIGINAL.replace("y = x + 3\n", "y = x + 300\n")


def fenced(code: str) -> str:
    return f"Change the third:\n```python\n{code}```\n"


def check(
    code: str, merged: str, original: str = ORIGINAL, chat: str = fenced(EDIT), language: str = "python"
) -> Check:
    (found,) = [one for one in run(original, merged, chat=chat, language=language) if one.code == code]
    return found


def test_a_right_merge_passes_everything_in_a_fixed_order() -> None:
    found = run(ORIGINAL, MERGED, chat=fenced(EDIT), language="python")
    assert tuple(one.code for one in found) == CODES
    assert {one.state for one in found} == {"passed"}


@given(text_pairs(), st.text(max_size=40), st.sampled_from(["", "python", "markdown", "nonsense"]))
def test_any_texts_can_be_checked(pair: tuple[str, str], chat: str, language: str) -> None:
    found = run(*pair, chat=chat, language=language)
    assert tuple(one.code for one in found) == CODES
    lines = max(1, len(pair[1]))
    assert all(one.line is None or 1 <= one.line <= lines for one in found)
    assert all(one.message.endswith(".") or one.message.endswith("…") or ": " in one.message for one in found)


@pytest.mark.parametrize(
    "marker", ["# ... existing code ...", "// ... rest of the functions ...", "... existing code ..."]
)
def test_a_leaked_marker_fails_and_is_named(marker: str) -> None:
    found = check("marker_leak", MERGED.replace("def f_5", f"{marker}\ndef f_5"))
    assert (found.state, found.line) == ("failed", 26)
    assert marker in found.message


def test_a_marker_without_dots_fails_where_the_answer_uses_it_as_one() -> None:
    chat = fenced(EDIT + "# (rest of the file unchanged)\n")
    merged = MERGED + "# (rest of the file unchanged)\n"
    assert check("marker_leak", merged, chat=chat).state == "failed"


def test_an_ordinary_comment_with_a_markers_words_is_only_a_warning() -> None:
    merged = MERGED.replace("def f_5", "# keep the existing order\ndef f_5")
    assert check("marker_leak", merged).state == "warning"
    assert check("marker_leak", merged.replace("keep the existing", "keep this")).state == "passed"


def test_another_placeholder_of_the_answer_makes_no_placeholder_of_a_comment() -> None:
    merged = MERGED.replace("def f_5", "# keep the existing order\ndef f_5")
    found = check("marker_leak", merged, chat=fenced("# (rest unchanged)\n" + EDIT))
    assert (found.state, found.line) == ("warning", 26)
    assert "# keep the existing order" in found.message


def test_a_comment_that_opens_with_dots_is_a_warning() -> None:
    assert check("marker_leak", MERGED.replace("def f_5", "# ... and so on\ndef f_5")).state == "warning"


def test_a_marker_that_the_original_has_is_content() -> None:
    original = ORIGINAL + "# ... existing code ...\n"
    assert check("marker_leak", MERGED + "# ... existing code ...\n", original).state == "passed"
    moved = "# ... existing code ...\n" + MERGED
    assert check("marker_leak", moved, original).state == "passed"


def test_a_second_marker_beside_the_originals_own_is_a_leak() -> None:
    marker = "# ... existing code ...\n"
    found = check("marker_leak", MERGED + "LAST = 2\n" + marker * 2, ORIGINAL + marker)
    assert found.state == "failed"


def test_a_stub_body_is_no_marker() -> None:
    assert (
        check("marker_leak", MERGED + "\n\nclass Port(Protocol):\n    def read(self) -> str:\n        ...\n").state
        == "passed"
    )


@pytest.mark.parametrize("merged", ["```python\n" + MERGED, MERGED + "```\n", MERGED.replace("END", "```\nEND")])
def test_a_leaked_fence_fails(merged: str) -> None:
    found = check("fence_leak", merged)
    assert found.state == "failed"
    assert found.line is not None
    assert merged.splitlines()[found.line - 1].startswith("```")


def test_fences_are_at_home_in_markdown_and_in_what_had_them() -> None:
    assert check("fence_leak", "# Title\n```\ncode\n```\n", "# Title\n", language="markdown").state == "passed"
    assert check("fence_leak", "```\na\n```\nb\n", "```\na\n```\n").state == "passed"


def test_a_pair_of_fences_in_a_docstring_is_only_a_warning() -> None:
    merged = MERGED.replace("def f_5(x):\n", 'def f_5(x):\n    """Say:\n\n    ```\n    f_5(1)\n    ```\n    """\n')
    assert check("fence_leak", merged).state == "warning"


@pytest.mark.parametrize(
    "tag", ["</updated-code>", "<update>", "<<<<<<< SEARCH", "*** End Patch", "*** Begin Patch", "<|im_end|>"]
)
def test_a_leaked_tag_fails_unless_the_answer_shows_it_as_code(tag: str) -> None:
    merged = MERGED + tag + "\n"
    assert check("fence_leak", merged).state == "failed"
    if tag in ("</updated-code>", "<update>"):
        assert check("fence_leak", merged, chat=fenced(EDIT + tag + "\n")).state == "passed"


def test_a_file_cut_in_mid_line_fails() -> None:
    cut = MERGED[: MERGED.index("def f_9(x)") + 7]
    found = check("truncation", cut)
    assert (found.state, found.line) == ("failed", 46)


def test_a_file_cut_between_lines_fails() -> None:
    found = check("truncation", MERGED[: MERGED.index("def f_6(x)")])
    assert found.state == "failed"
    assert "gone" in found.message


def test_a_tail_that_the_answer_asks_to_remove_is_only_a_warning() -> None:
    chat = "Delete everything from `f_6` on.\n" + fenced(EDIT)
    assert check("truncation", MERGED[: MERGED.index("def f_6(x)")], chat=chat).state == "warning"


def test_an_answer_that_shows_the_new_end_passes() -> None:
    short = MERGED[: MERGED.index("\n\n\ndef f_2")] + "\n"
    assert check("truncation", short, chat=fenced(short)).state == "passed"


def test_brackets_left_open_at_the_end_fail() -> None:
    original = "const a = {\n  b: [1, 2],\n}\nrun(a)\n"
    assert (
        check("truncation", "const a = {\n  b: [1, 2],\n  c: 3,\n", original, chat="", language="javascript").state
        == "failed"
    )


def test_a_new_last_line_is_no_truncation() -> None:
    assert check("truncation", MERGED + "LAST = 2\n", chat=fenced(EDIT + "LAST = 2\n")).state == "passed"


def test_a_last_line_that_nobody_knows_is_no_cut() -> None:
    assert check("truncation", MERGED + "LAST = 2\n").state == "passed"


def test_blank_lines_lost_at_the_end_are_no_lost_tail() -> None:
    original = ORIGINAL.replace("END = 1\n", "\n" * 30 + "END = 1\n")
    chat = "Drop it.\n" + fenced(EDIT)
    assert check("truncation", MERGED.replace("END = 1\n", ""), original, chat=chat).state == "passed"


def test_emptying_a_file_is_a_warning() -> None:
    assert check("truncation", "").state == "warning"
    assert check("truncation", "", "").state == "passed"


def test_nothing_changed_although_the_answer_holds_new_code_fails() -> None:
    assert check("no_op", ORIGINAL).state == "failed"


def test_nothing_changed_since_the_code_was_there_is_a_warning() -> None:
    assert check("no_op", MERGED, MERGED).state == "warning"


def test_a_removal_that_was_not_made_is_no_code_that_was_there() -> None:
    chat = "```diff\n@@\n def f_3(x):\n-    y = x + 3\n```\n"
    assert check("no_op", ORIGINAL, chat=chat).state == "failed"


def test_a_block_written_again_and_again_fails() -> None:
    found = check("loop", MERGED + "def g(x):\n    return f_1(x)\n\n" * 6)
    assert (found.state, found.line) == ("failed", 62)
    assert "3 lines are repeated 6 times" in found.message
    assert "same line is repeated 5 times" in check("loop", MERGED + "step()\n" * 5).message


def test_repeats_that_the_answer_or_the_original_show_pass() -> None:
    rows = "ROW = [0, 0, 0]\n" * 8
    assert check("loop", MERGED + rows, chat=fenced(rows)).state == "passed"
    assert check("loop", MERGED + rows + rows, MERGED + rows).state == "passed"


def test_blank_lines_and_brackets_do_not_loop() -> None:
    assert check("loop", MERGED + "\n" * 9 + "}\n" * 9).state == "passed"


def test_a_line_that_repeats_inside_fails() -> None:
    assert check("loop", MERGED + "x = '" + "ab " * 2_000 + "\n").state == "failed"
    assert check("loop", MERGED + "#" + "-" * 3_000 + "\n").state == "passed"


def test_many_new_lines_that_the_answer_lacks_fail() -> None:
    extra = "".join(f"value_{n} = compute({n})\n" for n in range(40))
    found = check("blast_radius", MERGED + extra)
    assert (found.state, found.line) == ("failed", 62)
    assert "40 new lines" in found.message
    assert check("blast_radius", MERGED + extra, chat=fenced(EDIT + extra)).state == "passed"


def test_a_few_new_lines_that_the_answer_lacks_are_a_warning() -> None:
    extra = "".join(f"value_{n} = compute({n})\n" for n in range(8))
    assert check("blast_radius", MERGED + extra).state == "warning"


def test_many_removed_lines_fail_unless_the_prose_speaks_of_it() -> None:
    more = "".join(f"def g_{n}(x):\n    return {n}\n\n\n" for n in range(20))
    original, merged = ORIGINAL.replace("END", more + "END"), MERGED
    assert check("blast_radius", merged, original).state == "failed"
    assert check("blast_radius", merged, original, chat="Remove all of the others.\n" + fenced(EDIT)).state == "warning"


def test_many_removed_lines_pass_where_the_answer_is_as_long() -> None:
    more = "".join(f"def g_{n}(x):\n    return {n}\n\n\n" for n in range(20))
    assert check("blast_radius", MERGED, ORIGINAL.replace("END", more + "END"), chat=fenced(MERGED)).state == "passed"


def test_lines_that_a_patch_shows_as_removed_account_for_a_removal() -> None:
    more = "".join(f"def g_{n}(x):\n    return {n}\n" for n in range(20))
    chat = "```diff\n@@\n" + "".join(f"-{line}\n" for line in more.splitlines()) + "```\n"
    assert check("blast_radius", ORIGINAL, ORIGINAL + more, chat=chat).state == "passed"


def test_moved_code_does_not_count() -> None:
    head, tail = MERGED[: MERGED.index("def f_6(x)")], MERGED[MERGED.index("def f_6(x)") :]
    assert check("blast_radius", tail + head).state == "passed"


def test_broken_syntax_fails_with_the_line_of_the_change() -> None:
    found = check("syntax", MERGED.replace("def f_7(x):", "def f_7(x:"))
    assert (found.state, found.line) == ("failed", 36)


def test_syntax_that_was_broken_before_may_stay_so() -> None:
    broken = ORIGINAL.replace("def f_7(x):", "def f_7(x:")
    assert check("syntax", broken.replace("x + 3\n", "x + 300\n"), broken).state == "passed"


def test_without_a_grammar_the_syntax_is_unknown() -> None:
    assert check("syntax", MERGED, language="cobol").state == "unknown"


def test_direction_controls_that_come_in_are_a_warning_with_lines() -> None:
    merged = MERGED.replace("y = x + 300", "y = x + 300  # \u202e drow")
    found = check("bidi", merged)
    assert (found.state, found.line) == ("warning", 17)
    assert "U+202E" in found.message
    assert "RIGHT-TO-LEFT OVERRIDE" in found.message


def test_look_alike_letters_that_come_in_are_a_warning_with_lines() -> None:
    found = check("confusables", MERGED.replace("END = 1", "ЕND = 1"))
    assert (found.state, found.line) == ("warning", 61)
    assert "U+0415" in found.message


def test_what_the_original_had_already_is_not_told_again() -> None:
    original = "# \u202e\nЕND = 1\n" + ORIGINAL
    merged = "# \u202e\nЕND = 1\n" + MERGED
    states = {one.code: one.state for one in run(original, merged, chat=fenced(EDIT), language="python")}
    assert states["bidi"] == states["confusables"] == "passed"


SPACED = """import os

import sys
from app import (
    first,
    second,
)


class A:

    def f(self, x):
        y = x + 1

        return  y
"""


@pytest.mark.parametrize(
    ("file", "shown", "message"),
    [
        (
            "import sys\nfrom",
            "import sys\n\nfrom",
            "Above line 4 the answer shows a blank line, the file has no blank line.",
        ),
        ("y = x + 1\n\n", "y = x + 1\n", "Above line 15 the answer shows no blank line, the file has a blank line."),
        (")\n\n\n", ")\n\n\n\n", "Above line 10 the answer shows 3 blank lines, the file has 2 blank lines."),
        ("return  y", "return y", "Line 15 is spaced otherwise than the answer shows it."),
        ("    second", "second", "Line 6 is not indented as the answer shows it."),
    ],
    ids=["blank line lost", "blank line kept", "blank line too few", "space inside", "indentation"],
)
def test_white_space_that_is_not_as_the_answer_shows_it_is_told(file: str, shown: str, message: str) -> None:
    asked = SPACED.replace(file, shown)
    assert asked != SPACED
    found = check("spacing", SPACED + "z = 2\n", SPACED, fenced(f"{asked}z = 2\n"))
    assert found.state == "warning"
    assert found.message.startswith(message)
    assert found.line == int(re.findall(r"ine (\d+)", message)[0])
    assert check("spacing", asked + "z = 2\n", SPACED, fenced(f"{asked}z = 2\n")).state == "passed"


def test_one_message_stands_for_all_places() -> None:
    asked = SPACED.replace("return  y", "return y").replace("import sys\n", "import sys\n\n")
    message = "Above line 4 the answer shows a blank line, the file has no blank line. 1 more place is like that."
    assert check("spacing", SPACED, SPACED, fenced(asked)).message == message


def test_a_file_keeps_its_blank_lines_between_what_the_answer_lists() -> None:
    """Imports, the head of a class with a member, and functions."""
    chat = fenced("import os\nimport sys\n") + fenced("class A:\n    def f(self, x):\n        y = x + 1\n")
    assert check("spacing", SPACED, SPACED, chat).state == "passed"
    functions = ORIGINAL.replace("\n\n\n", "\n")
    assert check("spacing", ORIGINAL, ORIGINAL, fenced(functions)).state == "passed"


def test_spaces_for_tabs_and_another_width_are_no_other_indentation() -> None:
    file = "if a {\n\tif b {\n\t\tgo()\n\t}\n}\n"
    for unit in ("  ", "    "):
        assert check("spacing", file, file, fenced(file.replace("\t", unit)), "go").state == "passed"


def test_blank_lines_that_a_patch_takes_out_are_not_shown() -> None:
    patch = "```diff\n@@ -1,3 +1,2 @@\n import os\n-\n import sys\n```\n"
    assert check("spacing", SPACED, SPACED, patch).state == "passed"  # at the margin they may be a list
    asked = SPACED.replace("import os\n\n", "import os\n")
    assert check("spacing", asked, SPACED, patch).state == "passed"
    kept = patch.replace("-\n", " \n")
    assert check("spacing", asked, SPACED, kept).message.startswith("Above line 2 the answer shows a blank line")
