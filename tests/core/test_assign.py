"""Which of somebody's files each piece of an answer is for; where two fit, nothing is guessed."""

from __future__ import annotations

import pytest

from applyweb.core.chat.pieces import without
from applyweb.core.merge import merge
from applyweb.core.merge.assign import Plan, PlanError, assign, clean_path
from tests.core.test_pieces import ENVELOPE, GIT_DIFF


def block(name: str, code: str = "x = 1", fence: str = "python") -> str:
    return f"### {name}\n\n```{fence}\n{code}\n```\n\n"


def kinds(plan: Plan) -> dict[str, str]:
    return {file.path: file.kind for file in plan.files}


def test_named_files_are_given_new_or_missing_and_the_rest_is_untouched() -> None:
    gap = "def one():\n    # ... existing code ...\n    return 2"
    chat = block("src/a.py") + block("src/b.py") + block("src/c.py", gap)
    plan = assign(chat, ["src/a.py", "docs/readme.md"])

    assert kinds(plan) == {"src/a.py": "given", "src/b.py": "new", "src/c.py": "missing"}
    assert (plan.untouched, plan.questions) == (("docs/readme.md",), ())


def test_a_diff_tells_what_is_new_changed_and_deleted() -> None:
    assert kinds(assign(GIT_DIFF, [])) == {"src/a.py": "missing", "src/new.py": "new", "old.py": "deleted"}
    assert kinds(assign(GIT_DIFF, ["src/a.py", "old.py"])) == {
        "src/a.py": "given",
        "src/new.py": "new",
        "old.py": "deleted",
    }
    assert kinds(assign(ENVELOPE, ["src/a.py"])) == {"src/a.py": "given", "src/b.py": "new", "src/c.py": "deleted"}


def test_a_name_may_say_less_or_more_than_the_path_and_in_another_case() -> None:
    chat = block("src/Alpha.py") + block("b.py")
    plan = assign(chat, ["shop/src/alpha.py", "shop/src/b.py", "lib/c.py"])
    assert kinds(plan) == {"shop/src/alpha.py": "given", "shop/src/b.py": "given"}


def test_two_files_of_one_base_name_are_asked_about_and_the_answer_decides() -> None:
    chat = block("utils.py", "a = 1") + block("utils.py", "b = 1") + block("b/utils.py", "c = 1")
    paths = ["a/utils.py", "b/utils.py"]
    plan = assign(chat, paths)

    assert [(question.names, question.candidates) for question in plan.questions] == [
        (("utils.py",), ("a/utils.py", "b/utils.py"))
    ] * 2
    assert kinds(plan) == {"b/utils.py": "given"}
    first, second = (question.piece.lines[0] for question in plan.questions)
    answered = assign(chat, paths, {first: "a/utils.py", second: ""})
    assert answered.questions == ()
    assert kinds(answered) == {"a/utils.py": "given", "b/utils.py": "given"}
    assert [piece.lines[0] for piece in answered.dropped] == [second]


def test_an_exact_path_is_that_file_whatever_else_ends_like_it() -> None:
    assert kinds(assign(block("utils.py"), ["a/utils.py", "utils.py"])) == {"utils.py": "given"}
    assert kinds(assign(block("utils.py"), ["utils.py", "Utils.py"])) == {"utils.py": "given"}


def test_new_files_of_one_base_name_are_asked_about_too() -> None:
    chat = block("a/new.py") + block("b/new.py") + block("new.py")
    plan = assign(chat, [])
    assert [question.candidates for question in plan.questions] == [("a/new.py", "b/new.py")]
    assert kinds(assign(block("a/new.py") + block("new.py"), [])) == {"a/new.py": "new"}


def test_code_without_a_name_is_asked_about_unless_there_is_one_file() -> None:
    nameless = "And:\n\n```python\ny = 1\n```\n"
    chat = block("src/a.py") + "## More\n\n" + nameless
    assert [question.candidates for question in assign(chat, ["src/b.py"]).questions] == [("src/b.py", "src/a.py")]
    assert kinds(assign(nameless, ["src/b.py"])) == {"src/b.py": "given"}
    assert [question.candidates for question in assign(nameless, []).questions] == [()]


def test_a_heading_and_a_sentence_that_disagree_are_asked_about() -> None:
    chat = "### src/a.py\n\nCall what `src/b.py` has:\n\n```python\na = 2\n```\n"
    (question,) = assign(chat, ["src/a.py", "src/b.py"]).questions
    assert set(question.candidates) == {"src/a.py", "src/b.py"}
    same = "### src/a.py\n\nIn `a.py`:\n\n```python\na = 2\n```\n"
    assert kinds(assign(same, ["src/a.py", "src/b.py"])) == {"src/a.py": "given"}


def test_commands_are_for_no_file_unless_a_script_is_given() -> None:
    chat = block("src/a.py") + "## Then\n\n```bash\npytest\n```\n"
    plan = assign(chat, ["src/a.py"])
    assert (len(plan.commands), plan.questions) == (1, ())
    (question,) = assign(chat, ["src/a.py", "run.sh"]).questions
    line = question.piece.lines[0]
    assert kinds(assign(chat, ["src/a.py", "run.sh"], {line: "run.sh"})) == {"src/a.py": "given", "run.sh": "given"}
    # what was told about it holds where the script is no longer among the files
    assert len(assign(chat, ["src/a.py"], {line: ""}).commands) == 1


def test_a_file_given_by_its_bare_name_has_the_folder_that_the_answer_tells() -> None:
    (file,) = assign(block("src/a.py"), ["a.py"]).files
    assert (file.path, file.given_as) == ("src/a.py", "a.py")
    (file,) = assign(block("shop/src/a.py"), ["src/a.py"]).files
    assert (file.path, file.given_as) == ("src/a.py", "src/a.py")


@pytest.mark.parametrize("name", ["/etc/x.py", "a/../../x.py", "../x.py", "C:\\x.py", ".git/hooks/x.py", "a/.GIT/x.py"])
def test_a_new_file_outside_of_the_folder_is_never_made(name: str) -> None:
    chat = f"*** Begin Patch\n*** Add File: {name}\n+x = 1\n*** Add File: ok.py\n+y = 1\n*** End Patch\n"
    assert kinds(assign(chat, [])) == {name: "unsafe", "ok.py": "new"}


def test_clean_path_has_plain_steps() -> None:
    assert clean_path("a\\b//./c.py") == "a/b/c.py"
    assert [clean_path(path) for path in ("", "/a", "C:a", "..", "a/..", ".git/config")] == [""] * 6
    assert clean_path(".github/x.yml") == ".github/x.yml"


def test_somebody_who_wants_no_new_file_gets_none() -> None:
    chat = block("src/a.py") + block("src/b.py")
    (_, second) = assign(chat, ["src/a.py"]).pieces
    plan = assign(chat, ["src/a.py"], {second.lines[0]: ""})
    assert kinds(plan) == {"src/a.py": "given", "src/b.py": "unwanted"}


@pytest.mark.parametrize("answers", [{99: "src/a.py"}, {4: "other.py"}])
def test_an_answer_about_nothing_is_refused(answers: dict[int, str]) -> None:
    with pytest.raises(PlanError):
        assign(block("src/a.py"), ["src/a.py"], answers)


def test_each_file_is_merged_from_its_own_pieces() -> None:
    """Two files of one base name, each with a function of the same name: only its own piece may land in it."""
    original = "def one():\n    return 0\n"
    chat = block("a/utils.py", "def one():\n    return 1") + block("b/utils.py", "def one():\n    return 2")
    plan = assign(chat, ["a/utils.py", "b/utils.py"])
    merged = [merge(original, without(chat, plan.hidden_from(file)), path=file.path) for file in plan.to_apply]
    assert [each.text for each in merged] == ["def one():\n    return 1\n", "def one():\n    return 2\n"]
    assert [each.confidence for each in merged] == ["certain", "certain"]


def test_a_diff_over_several_files_gives_each_file_its_own_hunks() -> None:
    chat = GIT_DIFF
    plan = assign(chat, ["src/a.py"])
    texts = {"src/a.py": "a = 1\n", "src/new.py": ""}
    merged = {
        file.path: merge(texts[file.path], without(chat, plan.hidden_from(file)), path=file.path).text
        for file in plan.to_apply
    }
    assert merged == {"src/a.py": "a = 2\n", "src/new.py": "n = 1\n"}
