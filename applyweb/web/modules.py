"""Which modules a page's script needs, so that the browser can ask for all of them at once and not one after the other.

Must not know: what they do.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

_IMPORT = re.compile(r"^(?:import|export)\b[^;]*?\bfrom\s+\"(\.[^\"]+)\";", re.M)


@cache
def modules_of(script: str) -> str:
    """The addresses of all modules that a script of static/ imports, whatever imports them, with spaces between."""
    folder = Path(settings.BASE_DIR) / "static"
    found: dict[Path, None] = {}
    waiting = [folder / script]
    while waiting:
        path = waiting.pop()
        for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            module = (path.parent / name).resolve()
            if module not in found:
                found[module] = None
                waiting.append(module)
    return " ".join(static(module.relative_to(folder.resolve()).as_posix()) for module in found)
