"""Names that a Python text uses and nothing in their scope or around it binds, by Python's own symbol tables.

Must not know: hunks, merges, decisions.
"""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

from applyweb.core.python_syntax import MOST, UNREADABLE, quietly

_GIVEN = frozenset(dir(builtins)) | {"__file__", "__path__", "__annotations__", "__class__"}


def unbound(text: str) -> frozenset[tuple[str, str]]:
    """(scope, name) of each use that finds no binding; a scope is the names around it with dots, "" for the module.
    Empty where that cannot be told: Python does not read the text, or it imports all names of something."""
    if len(text) > MOST:
        return frozenset()
    try:
        with quietly():
            module = symtable.symtable(text, "<text>", "exec")
    except (SyntaxError, *UNREADABLE):  # another check tells of these
        return frozenset()
    scopes = list(_scopes(module, ""))
    bound = _GIVEN | {symbol.get_name() for symbol in module.get_symbols() if _binds(symbol)}
    bound |= {  # `global` in a function
        symbol.get_name() for _, table in scopes for symbol in table.get_symbols() if symbol.is_declared_global()
    }
    if any(word in text for word in (" import *", "globals()", "exec(")):
        return frozenset()
    return frozenset(
        (scope, name)
        for scope, table in scopes
        for symbol in table.get_symbols()
        # bound here as well: a function that is called `top` passes for the module itself
        if symbol.is_referenced() and symbol.is_global() and not _binds(symbol)
        if (name := symbol.get_name()) not in bound
    )


def _binds(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace() or symbol.is_parameter()


def _scopes(table: symtable.SymbolTable, name: str) -> Iterator[tuple[str, symtable.SymbolTable]]:
    pending = [(name, table)]
    while pending:
        around, here = pending.pop()
        yield around, here
        before = f"{around}." if around else ""
        pending += [(before + child.get_name(), child) for child in here.get_children()]
