"""Which tests run one after the other in the same process of tests: those that share a server.

pytest-xdist's own groups do not hold with pytest 9.2, which keeps a test's id elsewhere. Must not know: what is tested.
"""

from __future__ import annotations

import re

from xdist.scheduler.loadscope import LoadScopeScheduling

_SHARED = re.compile(r"/test_apply_draft\.py|\[(?:ngram|eagle3)\]$")


class SharedServers(LoadScopeScheduling):
    """Deals out tests, in their order and one by one but for those that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        found = _SHARED.search(nodeid)
        return found[0] if found else nodeid
