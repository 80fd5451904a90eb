"""The SGLang that the plugin stands on: its releases, and the names that are put in place of SGLang's own.

Must not know: SGLang itself, which need not be here.
"""

from __future__ import annotations

from collections.abc import Iterable

SGLANG = ((0, 5, 23), (0, 5, 24))  # from, and below: the `serve` extra's bounds. Later releases move what is overridden
_TO_DO = (
    "Install the one that applyweb's `serve` extra names, or start the server with another --speculative-algorithm."
)


class UnknownSGLang(RuntimeError):
    """This SGLang is not one that the plugin was made for; `str(error)` says how, and what to do."""


def check_version(version: str) -> None:
    """Errors: UnknownSGLang."""
    if not fits(version):
        raise UnknownSGLang(f"applyweb's drafts need SGLang {wanted()}, and this is {version}. {_TO_DO}")


def check_names(owner: type | object, names: Iterable[str]) -> None:
    """That the class or module has all that is overridden there or called of it. A method under a name that SGLang no
    longer calls would do nothing, in silence. Errors: UnknownSGLang."""
    missing = [name for name in names if not hasattr(owner, name)]
    if missing:
        called = getattr(owner, "__name__", repr(owner))
        raise UnknownSGLang(f"This SGLang's {called} has no {', '.join(missing)}, which applyweb stands on. {_TO_DO}")


def lacks(error: ImportError) -> UnknownSGLang:
    return UnknownSGLang(f"This SGLang lacks what applyweb stands on: {error}. {_TO_DO}")


def fits(version: str) -> bool:
    least, below = SGLANG
    return least <= numbers(version) < below


def wanted() -> str:
    least, below = SGLANG
    return f"{'.'.join(map(str, least))} (below {'.'.join(map(str, below))})"


def numbers(version: str) -> tuple[int, ...]:
    """The release's numbers; what follows them ("rc1", "+cpu") does not count."""
    found = []
    for word in version.split("+")[0].split("."):
        if not word.isdigit():
            break
        found.append(int(word))
    return tuple(found)
