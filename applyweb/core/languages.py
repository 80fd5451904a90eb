"""Which language a file is in, and how its comments look.

Must not know: parsers and lexers; those are looked up by the names given here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is ours and the API's; `lexer` is the Pygments alias; `line_comments` open a comment to the line's end,
    `block_comments` are (open, close) pairs; `suffixes` and `names` tell a file's language by its path."""

    name: str
    lexer: str
    suffixes: tuple[str, ...]
    line_comments: tuple[str, ...] = ()
    block_comments: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


_C = (("/*", "*/"),)
_X = (("<!--", "-->"),)

LANGUAGES: tuple[Language, ...] = (
    Language("python", "python", (".py", ".pyi", ".pyw"), ("#",), aliases=("py", "python3")),
    Language("javascript", "javascript", (".js", ".mjs", ".cjs", ".jsx"), ("//",), _C, aliases=("js", "jsx", "node")),
    Language("typescript", "typescript", (".ts", ".mts", ".cts"), ("//",), _C, aliases=("ts",)),
    Language("tsx", "tsx", (".tsx",), ("//",), _C),
    Language("go", "go", (".go",), ("//",), _C, aliases=("golang",)),
    Language("rust", "rust", (".rs",), ("//",), _C, aliases=("rs",)),
    Language("java", "java", (".java",), ("//",), _C),
    Language("c", "c", (".c", ".h"), ("//",), _C),
    Language("cpp", "cpp", (".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx"), ("//",), _C, aliases=("c++", "cc")),
    Language("objc", "objective-c", (".m", ".mm"), ("//",), _C, aliases=("objective-c", "objectivec")),
    Language("csharp", "csharp", (".cs",), ("//",), _C, aliases=("c#", "cs")),
    Language("ruby", "ruby", (".rb", ".rake", ".gemspec"), ("#",), names=("Gemfile", "Rakefile"), aliases=("rb",)),
    Language("php", "php", (".php",), ("//", "#"), _C),
    Language("css", "css", (".css",), (), _C),
    Language("scss", "scss", (".scss",), ("//",), _C),
    Language("less", "less", (".less",), ("//",), _C),
    Language("html", "html", (".html", ".htm"), (), _X),
    Language("xml", "xml", (".xml", ".svg", ".xsd"), (), _X),
    Language("vue", "html", (".vue", ".svelte"), ("//",), _X + _C),
    Language("json", "json", (".json", ".jsonc"), ("//",), aliases=("jsonc",)),
    Language("yaml", "yaml", (".yml", ".yaml"), ("#",), aliases=("yml",)),
    Language("toml", "toml", (".toml",), ("#",), names=("Pipfile", "Cargo.lock", "poetry.lock")),
    Language("ini", "ini", (".ini", ".cfg", ".conf"), ("#", ";"), aliases=("cfg",)),
    Language("hcl", "terraform", (".tf", ".tfvars", ".hcl"), ("#", "//"), _C, aliases=("terraform", "tf")),
    Language("protobuf", "protobuf", (".proto",), ("//",), _C, aliases=("proto", "proto3")),
    Language("graphql", "graphql", (".graphql", ".gql", ".graphqls"), ("#",), aliases=("gql",)),
    Language("nginx", "nginx", (), ("#",), names=("nginx.conf",)),
    Language("bash", "bash", (".sh", ".bash", ".zsh"), ("#",), aliases=("sh", "shell", "zsh")),
    Language("sql", "sql", (".sql",), ("--",), _C),
    Language("kotlin", "kotlin", (".kt", ".kts"), ("//",), _C, aliases=("kt",)),
    Language("swift", "swift", (".swift",), ("//",), _C),
    Language("scala", "scala", (".scala",), ("//",), _C),
    Language("lua", "lua", (".lua",), ("--",), (("--[[", "]]"),)),
    Language("elixir", "elixir", (".ex", ".exs"), ("#",), aliases=("ex",)),
    Language("haskell", "haskell", (".hs",), ("--",), (("{-", "-}"),), aliases=("hs",)),
    Language("dockerfile", "docker", (".dockerfile",), ("#",), names=("Dockerfile",), aliases=("docker",)),
    Language("makefile", "make", (".mk",), ("#",), names=("Makefile", "GNUmakefile"), aliases=("make",)),
    Language("markdown", "markdown", (".md", ".markdown"), (), _X, aliases=("md",)),
    Language("text", "text", (".txt",), ("#",), aliases=("txt", "plain", "plaintext")),
)

_BY_NAME = {name: language for language in LANGUAGES for name in (language.name, *language.aliases)}
_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}
_BY_FILE = {name.lower(): language for language in LANGUAGES for name in language.names}
TEXT = _BY_NAME["text"]
_HEADER = 20_000  # characters of a header that are looked at
_HEADERS = (
    (_BY_NAME["objc"], re.compile(r"^\s*@(?:interface|protocol|class|import|property|end)\b|^#import\b", re.M)),
    (
        _BY_NAME["cpp"],
        re.compile(
            r"^\s*(?:class\s+\w|namespace\b|template\s*<|using\s+\w|(?:public|private|protected)\s*:)|\w::\w|"
            r"^\s*#\s*include\s*<(?:string|vector|memory|map|functional|utility|optional|atomic|algorithm)>",
            re.M,
        ),
    ),
)


def by_name(name: str) -> Language | None:
    """The language of a name or alias in any case ("py", "TypeScript"), or None."""
    return _BY_NAME.get(name.strip().lower())


def by_path(path: str) -> Language | None:
    """The language that a path's file name or suffix tells, or None."""
    leaf = PurePosixPath(path.replace("\\", "/"))
    return _BY_FILE.get(leaf.name.lower()) or _BY_SUFFIX.get(leaf.suffix.lower())


def guess(path: str = "", name: str = "", text: str = "") -> Language:
    """The best reading of what is known: the path's own, else the given name, else plain text. Of a header (`.h`) its
    `text` tells which of the C languages it is in."""
    if path.lower().endswith(".h"):
        head = text[:_HEADER]
        for language, signs in _HEADERS:
            if signs.search(head):
                return language
    return by_path(path) or by_name(name) or TEXT
