"""What stands further left within a string does not end the block that the string is in."""

from __future__ import annotations

from applyweb.core.merge import merge
from applyweb.core.merge.import_sets import imported
from applyweb.core.merge.lines import lines_of

BOAT = '''\
class Boat:
    def log(self):
        text = """\\
name
ended
"""
        return text

    def sail(self):
        return "far"

    def anchor(self):
        return "here"
'''


def test_a_block_goes_on_behind_a_string_further_left() -> None:
    lines = lines_of(BOAT.split("\n"), "python")
    assert lines.ends[1] == 7
    assert lines.parents[8] == 0


def test_functions_between_two_shown_ones_stay_where_a_string_is_further_left() -> None:
    shown = BOAT.split("\n\n")
    chat = (
        "```python\n"
        + "\n\n".join([shown[0].removeprefix("class Boat:\n"), shown[2].replace("here", "there")])
        + "```\n"
    )
    merged = merge(BOAT, chat, path="boat.py")
    assert merged.text == BOAT.replace("here", "there")


def test_quotes_that_only_end_a_string_tell_nothing() -> None:
    rows = [
        "    The end of a docstring.",
        '    """',
        "",
        "def sail():",
        '    """',
        "    Sails.",
        '    """',
        "def anchor():",
        '    """',
    ]
    assert lines_of(rows, "python").parents[3] == -1


def test_imports_are_a_set_but_the_one_that_has_its_place() -> None:
    one = imported("import a\nfrom b import c, d\n\nx = 1\n", "python")
    assert one == imported("from b import d\nimport a\nfrom b import c\nx = 1\n", "python")
    assert one != imported("import a\nfrom b import c\nx = 1\n", "python")
    future = "from __future__ import annotations"
    assert imported(f"{future}\nimport a\n", "python") != imported(f"import a\n{future}\n", "python")
