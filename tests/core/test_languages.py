from collections import Counter

import pytest
from pygments.lexers import get_lexer_by_name

from applyweb.core.languages import LANGUAGES, TEXT, by_name, by_path, guess


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/app.py", "python"),
        ("a\\b\\Component.TSX", "tsx"),
        ("Dockerfile", "dockerfile"),
        ("deep/makefile", "makefile"),
        ("include/list.h", "c"),
        ("Cargo.lock", "toml"),
        (".github/workflows/ci.yml", "yaml"),
    ],
)
def test_a_path_tells_the_language(path: str, name: str) -> None:
    found = by_path(path)
    assert found is not None
    assert found.name == name


def test_unknown_paths_and_names_tell_nothing() -> None:
    assert by_path("LICENSE") is None
    assert by_path("") is None
    assert by_name("klingon") is None


def test_names_and_aliases_work_in_any_case() -> None:
    assert [language and language.name for language in map(by_name, ("Py", " TypeScript ", "C++", "sh"))] == [
        "python",
        "typescript",
        "cpp",
        "bash",
    ]


def test_the_path_goes_before_the_name_and_text_is_the_last_resort() -> None:
    assert guess("a.rs", "python").name == "rust"
    assert guess("LICENSE", "go").name == "go"
    assert guess() is TEXT


def test_every_suffix_name_and_alias_means_one_language() -> None:
    for values in (
        [suffix for language in LANGUAGES for suffix in language.suffixes],
        [name.lower() for language in LANGUAGES for name in language.names],
        [name for language in LANGUAGES for name in (language.name, *language.aliases)],
    ):
        assert [value for value, times in Counter(values).items() if times > 1] == []


def test_every_lexer_exists_in_pygments() -> None:
    for language in LANGUAGES:
        assert get_lexer_by_name(language.lexer).aliases


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#ifndef LIST_H\n#define LIST_H\nstruct list { int size; };\n#endif\n", "c"),
        ("#pragma once\n\nnamespace harbour {\nclass Boat {\n public:\n  Boat();\n};\n}\n", "cpp"),
        ("#import <UIKit/UIKit.h>\n\n@interface Boat : NSObject\n@end\n", "objc"),
    ],
)
def test_the_text_of_a_header_tells_which_c_it_is(text: str, name: str) -> None:
    assert guess("include/boat.h", "", text).name == name
