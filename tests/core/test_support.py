from hypothesis import given
from hypothesis import strategies as st

from applyweb.core.diff import hunks
from applyweb.core.support import Support, is_marker, read_rows, support
from tests.core.texts import text_pairs

ORIGINAL = """import os
import json


def load(path):
    with open(path) as handle:
        return json.load(handle)


def save(path, value):
    print("saving", path)
    with open(path, "w") as handle:
        json.dump(value, handle)


def remove(path):
    os.remove(path)
"""


def judge(merged: str, chat: str, original: str = ORIGINAL, path: str = "") -> tuple[Support, list[str]]:
    """The judgement, and the ids in file order."""
    found = hunks(original, merged)
    return support(original, merged, found, chat, path=path), [hunk.id for hunk in found]


def fenced(code: str, info: str = "python") -> str:
    return f"Here you go:\n```{info}\n{code}```\n"


SAVE = """def save(path, value):
    print("saving", path)
    with open(path, "w", encoding="utf-8") as handle:
        json.dump(value, handle, indent=2)
"""
CHANGED = ORIGINAL.replace('"w")', '"w", encoding="utf-8")').replace("value, handle", "value, handle, indent=2")


def test_added_lines_are_tied_to_the_chat_lines_that_show_them() -> None:
    result, ids = judge(CHANGED, fenced(SAVE))
    assert result == Support({ids[0]: (5, 6)}, (), ())


def test_indentation_and_spacing_do_not_matter() -> None:
    indented = "".join(f"        {line}".replace(", ", ",") for line in SAVE.splitlines(keepends=True))
    result, ids = judge(CHANGED, fenced(indented))
    assert list(result.justified) == ids


def test_a_change_that_nobody_asked_for_is_unjustified() -> None:
    merged = CHANGED.replace("os.remove(path)", "os.unlink(path)")
    result, ids = judge(merged, fenced(SAVE))
    assert list(result.justified) == ids[:1]
    assert result.unjustified == (ids[1],)


def test_a_common_line_is_no_evidence_away_from_its_neighbours() -> None:
    """`return None` stands in the chat, but not here."""
    original = "def a():\n    first()\n\n\ndef b():\n    second()\n    other()\n"
    code = "def a():\n    first()\n    return None\n"
    merged = "def a():\n    first()\n    return None\n\n\ndef b():\n    second()\n    return None\n    other()\n"
    result, ids = judge(merged, fenced(code), original)
    assert list(result.justified) == [ids[0]]
    assert result.unjustified == (ids[1],)


def test_a_deletion_is_asked_for_by_neighbours_that_the_chat_shows_side_by_side() -> None:
    chat = fenced('def save(path, value):\n    with open(path, "w") as handle:\n        json.dump(value, handle)\n')
    result, ids = judge(ORIGINAL.replace('    print("saving", path)\n', ""), chat)
    assert result == Support({ids[0]: (3, 4)}, (), ())


def test_a_deletion_behind_a_marker_is_unjustified() -> None:
    chat = fenced("def save(path, value):\n    # ... existing code ...\n        json.dump(value, handle)\n")
    result, ids = judge(ORIGINAL.replace('    print("saving", path)\n', ""), chat)
    assert result.unjustified == (ids[0],)


def test_removed_lines_of_a_patch_justify_a_deletion() -> None:
    chat = '```diff\n@@ def save\n def save(path, value):\n-    print("saving", path)\n```\n'
    result, ids = judge(ORIGINAL.replace('    print("saving", path)\n', ""), chat)
    assert 4 in result.justified[ids[0]]
    assert result.missing == ()


def test_the_search_text_of_a_replacement_justifies_a_deletion() -> None:
    chat = (
        '<<<<<<< SEARCH\ndef save(path, value):\n    print("saving", path)\n'
        "=======\ndef save(path, value):\n>>>>>>> REPLACE\n"
    )
    result, ids = judge(ORIGINAL.replace('    print("saving", path)\n', ""), chat)
    assert 3 in result.justified[ids[0]]


def test_prose_that_names_what_went_is_evidence() -> None:
    merged = ORIGINAL.replace("import os\n", "").replace("os.remove", "Path.unlink")
    chat = "Remove the `import os` line, nothing else needs it.\n" + fenced(
        "def remove(path):\n    Path.unlink(path)\n"
    )
    result, ids = judge(merged, chat)
    assert result.justified[ids[0]] == (1,)


def test_prose_that_names_something_else_is_none() -> None:
    chat = "Remove the `print` call.\n" + fenced(SAVE)
    result, ids = judge(CHANGED.replace("import os\n", ""), chat)
    assert result.unjustified == (ids[0],)


def test_code_that_never_landed_is_missing() -> None:
    chat = fenced(SAVE + "\n\ndef copy(source, target):\n    shutil.copy(source, target)\n")
    result, _ = judge(CHANGED, chat)
    assert result.missing == (9, 10)


def test_a_removal_that_was_not_made_is_missing() -> None:
    chat = '```diff\n@@\n def save(path, value):\n-    print("saving", path)\n+    check(value)\n```\n'
    result, _ = judge(ORIGINAL.replace("    print", "    check(value)\n    print"), chat)
    assert result.missing == (4,)


def test_a_shown_line_that_was_lost_between_its_neighbours_is_missing() -> None:
    """The line was in the original, and the answer keeps it."""
    kept = ORIGINAL[ORIGINAL.index("def save") : ORIGINAL.index("\n\ndef remove")]
    result, ids = judge(ORIGINAL.replace('    print("saving", path)\n', ""), fenced(kept))
    assert result.missing == (4,)
    assert result.unjustified == (ids[0],)


def test_a_common_line_is_evidence_where_the_line_below_it_is_shown_too() -> None:
    original = "def a():\n    one()\n    check()\n\n\ndef b():\n    two()\n"
    merged = original.replace("    two()", "    check()\n    two()")
    result, ids = judge(merged, fenced("def other():\n    check()\n    two()\n"), original)
    assert result.justified == {ids[0]: (4,)}


def test_a_line_that_the_merge_had_to_finish_is_near_enough() -> None:
    """A signature with an ellipsis stands nowhere as it is."""
    merged = ORIGINAL.replace("def remove(path):", "def remove(path, *, missing_ok=False):")
    result, ids = judge(merged, fenced("def remove(path, ..., missing_ok=False):\n    # ...\n"))
    assert result == Support({ids[0]: (3,)}, (), ())


def test_a_part_of_some_other_line_is_no_landing_in_plain_code() -> None:
    chat = "```diff\n@@\n-import os\n+import os.path\n+os.path\n```\n"
    assert judge(ORIGINAL.replace("import os\n", "import os.path\n"), chat)[0].missing == (5,)


def test_a_shown_line_that_others_stand_in_for_is_missing() -> None:
    kept = ORIGINAL[ORIGINAL.index("def save") : ORIGINAL.index("\n\ndef remove")]
    merged = ORIGINAL.replace('    print("saving", path)\n', "    one()\n    two()\n    three()\n")
    result, ids = judge(merged, fenced(kept))
    assert result.missing == (4,)
    assert result.unjustified == (ids[0],)


def test_opening_lines_are_taken_beside_their_own_block() -> None:
    """The chat's first lines stand once more at the head of the file."""
    block = "  setup: {\n    name,\n    value,\n"
    original = f"const a = {{\n{block}    one,\n  }},\n{block}    two,\n  }},\n}}\n"
    merged = original.replace("    two,", "    more,\n    two,")
    result, ids = judge(merged, fenced(f"{block}    more,\n    two,\n", "js"), original)
    assert result == Support({ids[0]: (6,)}, (), ())


def test_a_spread_is_no_ellipsis() -> None:
    chat = fenced("const merged = { ...defaults, ...options }\n", "js")
    assert judge("const a = 1\nconst b = 2\n", chat, "const a = 1\n")[0].missing == (3,)


def test_a_line_between_two_that_the_chat_shows_as_neighbours_is_left_over() -> None:
    merged = CHANGED.replace("        json.dump", "        handle.truncate()\n        json.dump")
    result, _ = judge(merged, fenced(SAVE))
    assert result.leftover == (13,)
    assert merged.splitlines()[12] == "        handle.truncate()"


def test_markers_comments_and_brackets_are_never_missing() -> None:
    chat = fenced("# ... existing code ...\n# put this at the end\n" + SAVE + "}\n# rest of the file unchanged\n")
    assert judge(CHANGED, chat)[0].missing == ()


def test_a_comment_of_the_code_itself_that_never_landed_is_missing() -> None:
    chat = fenced(SAVE.replace("    with", "    # the caller holds the lock\n    with"))
    assert judge(CHANGED, chat)[0].missing == (5,)


def test_code_for_another_file_or_a_shell_is_left_out() -> None:
    chat = fenced(SAVE) + "\n`other.py`:\n" + fenced("def unrelated():\n    return 12345\n", "python other.py")
    chat += fenced("pip install something-else\n", "bash")
    assert judge(CHANGED, chat, path="src/store.py")[0].missing == ()


def test_a_whole_file_answer_justifies_every_hunk() -> None:
    merged = CHANGED.replace("os.remove(path)", "os.unlink(path)").replace(
        "import json\n\n", "import json\nimport sys\n\n"
    )
    result, ids = judge(merged, fenced(merged))
    assert list(result.justified) == ids
    assert result.missing == result.leftover == ()


def test_without_a_chat_every_hunk_is_unjustified() -> None:
    result, ids = judge(CHANGED, "")
    assert result == Support({}, tuple(ids), ())


def test_a_search_text_may_be_a_part_of_a_line() -> None:
    chat = "<<<<<<< SEARCH\nos.remove\n=======\nos.unlink\n>>>>>>> REPLACE\n"
    result, ids = judge(ORIGINAL.replace("os.remove", "os.unlink"), chat)
    assert result == Support({ids[0]: (2,)}, (), ())


def test_a_search_block_without_its_end_still_counts() -> None:
    chat = "<<<<<<< SEARCH\n    os.remove(path)\n=======\n    os.unlink(path)\n"
    result, ids = judge(ORIGINAL.replace("os.remove", "os.unlink"), chat)
    assert result == Support({ids[0]: (2, 4)}, (), ())


def test_the_part_of_a_patch_for_another_file_is_left_out() -> None:
    chat = (
        "*** Begin Patch\n*** Update File: src/store.py\n@@\n-    os.remove(path)\n+    os.unlink(path)\n"
        "*** Add File: src/other.py\n+something_else = 12345\n*** End Patch\n"
    )
    merged = ORIGINAL.replace("os.remove", "os.unlink")
    assert judge(merged, chat, path="src/store.py")[0].missing == ()
    assert judge(merged, chat)[0].missing == (7,)


def test_a_new_function_may_stand_further_on_than_the_chat_shows_it() -> None:
    chat = fenced(SAVE + "\n\ndef copy(source, target):\n    shutil.copy(source, target)\n")
    merged = CHANGED + "\n\ndef copy(source, target):\n    shutil.copy(source, target)\n"
    assert judge(merged, chat)[0].leftover == ()


def test_a_function_that_the_chat_leaves_out_between_two_others_is_left_over() -> None:
    load = ORIGINAL[ORIGINAL.index("def load") : ORIGINAL.index("def save")]
    chat = fenced(load + ORIGINAL[ORIGINAL.index("def remove") :])
    assert judge(ORIGINAL + "x = 1\n", chat)[0].leftover == (10, 11, 12, 13)


def test_closing_lines_are_taken_beside_their_own_block() -> None:
    """The chat's last lines stand once more at the end of the file."""
    original = (
        "class A {\n  a() {\n    one();\n    return this;\n  }\n}\nclass B {\n  b() {\n    return this;\n  }\n}\n"
    )
    merged = original.replace("one();", "one();\n    two();")
    chat = fenced("class A {\n  a() {\n    one();\n    two();\n    return this;\n  }\n}\n", "js")
    result, ids = judge(merged, chat, original)
    assert result == Support({ids[0]: (6,)}, (), ())


@given(text_pairs(), st.text(max_size=60))
def test_each_hunk_is_judged_once_for_any_text(pair: tuple[str, str], chat: str) -> None:
    found = hunks(*pair)
    result = support(*pair, found, chat)
    assert sorted([*result.justified, *result.unjustified]) == sorted(hunk.id for hunk in found)
    assert all(result.justified.values())


def test_markers_are_told_from_code() -> None:
    markers = ["# ... existing code ...", "  // rest of the class unchanged", "...", "{/* ... other props ... */}", "…"]
    markers += ["<!-- ... -->", "    // (imports unchanged)", "/* ... */", "-- ... same as before"]
    code = [
        "return x",
        "# The rest of the buffer is flushed here by the caller, which then waits for the acknowledgement",
    ]
    code += ["// A sweep that stops early leaves the rest of the tasks to the next one"]
    markers += ["# The rest of the function below this point stays the same"]
    code += ["x = [...a, 1]", "def f(*args): ...", "// compute the sum", "keep = True", ""]
    assert [line for line in markers if not is_marker(line)] == []
    assert [line for line in code if is_marker(line)] == []


def test_rows_carry_chat_lines_and_what_a_patch_says() -> None:
    chat = "Hi\n```diff\n@@ -1 +1 @@\n keep\n-old\n+new\n```\n"
    assert [(row.line, row.op, row.key) for row in read_rows(chat)[1:]] == [
        (4, "shown", "keep"),
        (5, "removed", "old"),
        (6, "added", "new"),
    ]


def test_a_line_that_rides_on_a_justified_change_and_that_nobody_wrote_is_invented() -> None:
    chat = fenced("def remove(path):\n    audit(path)\n    os.remove(path)\n")
    wanted = ORIGINAL.replace("    os.remove(path)", "    audit(path)\n    os.remove(path)")
    assert judge(wanted, chat)[0].invented == ()
    result, ids = judge(wanted.replace("    audit(path)\n", "    audit(path)\n    forget(path)\n"), chat)
    assert list(result.justified) == ids
    assert result.invented == (wanted.split("\n").index("    audit(path)") + 2,)
    assert result.astray.endswith("1 line is of neither the chat nor the file")


def test_a_line_that_prose_names_or_that_was_merely_adapted_is_not_invented() -> None:
    chat = "Call `forget` there as well.\n" + fenced("def remove(path):\n    audit(path)\n    os.remove(path)\n")
    merged = ORIGINAL.replace("    os.remove(path)", "    audit(path)\n    forget(path)\n    os.remove(path)")
    assert judge(merged, chat)[0].invented == ()
    adapted = ORIGINAL.replace("    os.remove(path)", "    audit(str(path))\n    os.remove(path)")
    assert judge(adapted, chat)[0].invented == ()


def test_a_line_that_stands_elsewhere_too_and_was_to_come_once_more_is_missing() -> None:
    patch = """```diff
@@ def remove(path):
 def remove(path):
+    print("saving", path)
     os.remove(path)
```
"""
    landed = ORIGINAL.replace("    os.remove(path)", '    print("saving", path)\n    os.remove(path)')
    assert judge(landed, patch)[0].missing == ()
    assert judge(ORIGINAL, patch)[0].missing == (4,)
    whole = fenced(landed)
    assert judge(landed, whole)[0].missing == ()
    assert judge(ORIGINAL, whole)[0].missing == (13, 19)


def test_a_comment_that_names_the_file_is_not_missed() -> None:
    result, _ = judge(CHANGED, fenced("# store.py\n" + SAVE), path="lib/store.py")
    assert result.missing == ()


GUARDED = """def first(a):
    if a is None:
        return None
    return a.one


def second(b):
    one(b)
    return {
        "b": b,
    }


def third(c):
    return c
"""


def test_lines_that_stand_in_another_function_have_not_landed_in_this_one() -> None:
    code = "def second(b):\n    one(b)\n    if a is None:\n        return None\n    return {\n"
    wanted = GUARDED.replace("    one(b)\n", "    one(b)\n    if a is None:\n        return None\n")
    assert judge(wanted, fenced(code), GUARDED)[0].missing == ()
    assert judge(GUARDED, fenced(code), GUARDED)[0].missing == (5, 6)
    part = wanted.replace("    one(b)\n    if a is None:\n        return None\n", "    one(b)\n        return None\n")
    assert judge(part, fenced(code), GUARDED)[0].missing == (5,)


def test_a_line_between_brackets_has_its_place_too() -> None:
    """Neither of its neighbours says where that is; theirs do."""
    code = "def second(b):\n    two(b)\n    return {\n        **b,\n    }\n\n\ndef third(c):\n"
    original = GUARDED.replace("    return c\n", "    return [\n        **b,\n    ]\n")
    wanted = original.replace("one(b)", "two(b)").replace('        "b": b,\n', "        **b,\n")
    assert judge(wanted, fenced(code), original)[0].missing == ()
    assert judge(wanted.replace("        **b,\n", '        "b": b,\n', 1), fenced(code), original)[0].missing == (6,)


def test_lines_that_say_little_tell_what_is_lost_above_them() -> None:
    """They stand elsewhere too, but no further from the lines that landed than the chat shows them."""
    one = "def one(a):\n    go()\n    me()\n    check(a)\n\n\n"
    original = f"{one}def two(a):\n    keep()\n    go()\n    me()\n\n\ndef three(a):\n    check(a)\n"
    chat = fenced("def two(a):\n    check(a)\n    go()\n    me()\n    # ... existing code ...\n")
    assert judge(original.replace("keep()", "check(a)"), chat, original)[0].missing == ()
    assert judge(original, chat, original)[0].missing == (4,)


def test_functions_shown_in_another_order_have_landed() -> None:
    first, second, third = GUARDED.split("\n\n\n")
    chat = fenced(f"{second}\n\n\n{first}\n\n\n{third.replace('return c', 'return d')}")
    assert judge(GUARDED.replace("return c", "return d"), chat, GUARDED)[0].missing == ()


def test_a_kept_line_that_went_is_missing_beside_a_marker_too() -> None:
    chat = fenced('def save(path, value):\n    print("saving", path)\n    # ... existing code ...\n')
    result, _ = judge(ORIGINAL.replace('    print("saving", path)\n', ""), chat)
    assert result.missing == (4,)


def test_a_line_that_changed_places_with_a_bracket_is_missing() -> None:
    code = 'def second(b):\n    two(b)\n    return {\n        "b": b,\n    }\n\n\ndef third(c):\n    return c\n'
    wanted = GUARDED.replace("one(b)", "two(b)")
    assert judge(wanted, fenced(code), GUARDED)[0].missing == ()
    astray = wanted.replace('        "b": b,\n    }\n', '    }\n        "b": b,\n')
    assert judge(astray, fenced(code), GUARDED)[0].missing == (6,)


def test_a_comment_to_the_reader_is_not_missed_between_lines_that_landed() -> None:
    chat = fenced(SAVE.replace("        json.dump", "        # Added:\n        json.dump"))
    assert judge(CHANGED, chat)[0].missing == ()


def test_a_copy_of_a_line_of_the_file_that_rides_on_a_change_is_invented() -> None:
    code = "def third(c):\n    check(c)\n    # ... existing code ...\n"
    wanted = GUARDED.replace("    return c\n", "    check(c)\n    return c\n")
    assert judge(wanted, fenced(code), GUARDED)[0].invented == ()
    result, ids = judge(wanted.replace("check(c)\n", "check(c)\n    return a.one\n"), fenced(code), GUARDED)
    assert list(result.justified) == ids
    assert result.invented == (wanted.split("\n").index("    check(c)") + 2,)


def test_a_line_that_merely_got_a_comma_is_no_copy() -> None:
    original = "first = [\n    alpha,\n]\nsecond = [\n    alpha\n]\n"
    wanted = original.replace("    alpha\n", "    alpha,\n    omega\n")
    result, _ = judge(wanted, "Add `omega` to `second`, as the last:\n" + fenced("    omega\n"), original)
    assert result.invented == ()


def test_a_line_that_merely_lost_its_comma_is_known() -> None:
    original = "first = [\n    alpha,\n    beta,\n]\nsecond = [\n    alpha,\n    omega\n]\n"
    wanted = original.replace("    alpha,\n    omega\n", "    alpha\n")
    result, ids = judge(wanted, "Remove `omega` from `second`.\n", original)
    assert result == Support({ids[0]: (1,)}, (), ())


def test_a_copy_between_two_lines_of_the_chat_is_left_over() -> None:
    original = "name = 'a'\nversion = 1\nauthor = 'b'\n"
    chat = fenced("name = 'a'\nversion = 2\n# ... existing code ...\n")
    moved = "name = 'a'\nauthor = 'b'\nversion = 2\n"
    assert judge(moved, chat, original)[0].leftover == ()  # the new line may stand a little further on
    assert judge(f"{moved}author = 'b'\n", chat, original)[0].leftover == (2,)


def test_an_old_line_that_changed_sides_with_one_beside_a_new_line_is_left_over() -> None:
    original = "version = 1\nname = 'a'\nauthor = 'b'\nlicence = 'c'\n"
    chat = fenced("version = 2\nname = 'a'\n# ... existing code ...\n")
    wanted = original.replace("version = 1", "version = 2")
    assert judge(wanted, chat, original)[0].leftover == ()
    astray = "version = 2\nauthor = 'b'\nname = 'a'\nlicence = 'c'\n"
    assert judge(astray, chat, original)[0].leftover == (2,)


def test_a_new_member_may_stand_beyond_members_like_it() -> None:
    original = 'kinds = {\n    "first": {\n        "size": 1,\n    },\n}\n'
    wanted = original.replace("    },\n}\n", '    },\n    "second": {\n        "size": 1,\n    },\n}\n')
    chat = fenced('kinds = {\n    "second": {\n        "size": 1,\n    },\n}\n')
    assert judge(wanted, chat, original)[0] == Support({hunks(original, wanted)[0].id: (4, 5, 6)}, (), ())


def test_rows_carry_the_blank_lines_above_them() -> None:
    chat = fenced("a = 1\n\n\nb = 2\nc = 3\n") + "```diff\n@@ -1,4 +1,4 @@\n a = 1\n+\n-\n-\n b = 2\n```\n"
    assert [(row.key, row.blanks) for row in read_rows(chat) if row.op != "marker"] == [
        ("a=1", 0),
        ("b=2", 2),
        ("c=3", 0),
        ("a=1", 0),
        ("b=2", 1),
    ]
