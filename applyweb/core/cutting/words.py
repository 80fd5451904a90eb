"""What assistants say around and inside of code: introductions, remarks, and markers for code that is not shown.

Must not know: changes.
"""

from __future__ import annotations

from applyweb.core.cutting.draw import Draw
from applyweb.core.languages import Language

INTRODUCTIONS = (
    "Here is the change:",
    "Sure, this does it:",
    "I went through the file; these are the parts that have to change.",
    "You can do it like this:",
    "Below is the updated code.",
    "The fix is small:",
    "Done. Only what changes is shown.",
    "That makes sense. The updated version:",
    "",
)
REMARKS = (
    "Let me know if you want tests for it.",
    "Nothing else has to change.",
    "The rest of the file stays as it is.",
    "- The behaviour for other callers is the same as before.\n- No new dependency is needed.",
    "",
    "",
)
EACH = (
    "In `{name}`:",
    "**`{name}`**",
    "Then change `{name}` like this:",
    "`{name}` becomes:",
    "### {number}. `{name}`",
    "{number}. Update `{name}`:",
)
EACH_UNNAMED = ("{number}. And here:", "Then:", "Next:", "### {number}.", "**Part {number}**")
MARKERS = (
    "... existing code ...",
    "...",
    "... rest of the code ...",
    "... unchanged ...",
    "rest of the code stays the same",
    "... (unchanged)",
    "[existing code]",
    "... other code remains unchanged ...",
    "existing code here ...",
    "(rest unchanged)",
    "... same as before ...",
    "… existing code …",
    "... keep everything else as is ...",
    "unchanged",
    "... remaining code ...",
    "... omitted for brevity ...",
)
DESCRIBED = (
    "... {names} unchanged ...",
    "... {names} stay as they are ...",
    "... existing {names} ...",
    "... {names} ...",
    "... {names} and the rest of it ...",
    "{names}: unchanged",
    "... {names} as before ...",
    "... keep {names} ...",
    "... {names} remain the same ...",
    "... the code of {names} ...",
)
KINDS = {
    "imports": ("imports", "existing imports", "the other imports"),
    "comments": ("comments", "documentation", "notes"),
    "functions": ("existing helpers", "other functions", "helpers", "the functions in between", "other methods"),
    "code": ("setup", "existing logic", "state and setup", "constants", "the checks", "validation", "configuration"),
}
KEPT = (
    "Only {names} of `{owner}` is new; all other members stay as they are.",
    "In `{owner}`, change {names}. The rest of the class is as before.",
    "Here is `{owner}` with the new {names}; I left out everything else, which stays.",
    "Make this of {names} in `{owner}` (the other members are not shown):",
    "This shows {names} in `{owner}` and nothing else; keep the others.",
    "For brevity only {names} of `{owner}`:",
)
IN_BODY = (
    "... body unchanged ...",
    "... existing code ...",
    "... same as before",
    "... rest of the function ...",
    "...",
)


def marker(
    language: Language, indent: str, draw: Draw, texts: tuple[str, ...] = MARKERS, *, inside_comment: bool = False
) -> str:
    """A line that stands for code which is not shown, as a comment of the language."""
    return comment(language, indent, draw, draw.words(texts), inside_comment=inside_comment)


def comment(language: Language, indent: str, draw: Draw, text: str, *, inside_comment: bool = False) -> str:
    """A line of comment."""
    if inside_comment:
        return f"{indent}* {text}"
    if language.line_comments and not (language.block_comments and draw.happens(0.15)):
        return f"{indent}{language.line_comments[0]} {text}"
    if language.block_comments:
        opening, closing = language.block_comments[0]
        return f"{indent}{opening} {text} {closing}"
    return f"{indent}..."


def fence(lines: list[str], language: Language, draw: Draw, path: str = "") -> str:
    """Lines as a code block, longer fenced where they hold a fence themselves."""
    mark = "````" if any(line.lstrip().startswith("```") for line in lines) else "```"
    info = draw.choice((language.name, language.name, language.aliases[0] if language.aliases else language.name, ""))
    if path and draw.happens(0.15):
        info = f"{language.name}:{path}"
    return "\n".join([f"{mark}{info}", *lines, mark])
