"""A file is called by its path, or by its language where it was pasted without one."""

from __future__ import annotations

import pytest

from applyweb.web.pages.file_names import folder_and_name


@pytest.mark.parametrize(
    ("path", "language", "named"),
    [
        ("", "python", ("", "unnamed.py")),
        ("", "csharp", ("", "unnamed.cs")),
        ("", "text", ("", "unnamed.txt")),
        ("shop/", "go", ("shop/", "unnamed.go")),
        ("", "a language that was known once", ("", "unnamed.txt")),
        ("shop/prices.py", "python", ("shop/", "prices.py")),
        ("shop\\prices.py", "python", ("shop/", "prices.py")),
    ],
)
def test_a_name_that_the_file_can_be_saved_under(path: str, language: str, named: tuple[str, str]) -> None:
    assert folder_and_name(path, language) == named
