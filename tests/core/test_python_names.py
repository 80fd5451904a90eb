"""Names without a binding in a Python text: by scope, and never where that cannot be told."""

from __future__ import annotations

import pytest

from applyweb.core.python_names import unbound


def test_a_name_that_is_bound_in_another_scope_only_is_unbound() -> None:
    text = (
        "import os\n\n\ndef age(now):\n    return now\n\n\n"
        "class Stock:\n    limit = 1\n\n    def old(self):\n        return age(now), os, limit\n"
    )
    assert unbound(text) == {("Stock.old", "limit"), ("Stock.old", "now")}


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    return late()\n\n\ndef late():\n    return [n for n in range(3)]\n",
        "def f():\n    global total\n    total = 1\n\n\ndef g():\n    return total, __name__, len\n",
        "def top(a):\n    return a\n",
        "class A(B):\n    def f(self):\n        return __class__\n\n\nfrom b import B\n",
        "try:\n    import fast\nexcept ImportError as error:\n    fast = None\nwith fast as file:\n    file\n",
        "def outer():\n    here = 1\n    def inner():\n        return here\n    return inner\n",
        "from os import *\n\nprint(path)\n",  # who knows what came with it
        "def f(:\n    lost\n",
    ],
)
def test_what_is_bound_or_cannot_be_told_is_not(text: str) -> None:
    assert unbound(text) == frozenset()
