"""Small real texts for tests, and stored applies made of them by the real actions."""

from __future__ import annotations

from typing import Any

from applyweb.actions.applies import Outcome, begin_attempt, create_apply, finish_apply
from applyweb.core.diff import hunks
from applyweb.models import Apply, User
from applyweb.queries.applies import find_apply

ORIGINAL = '''"""A small shop."""

TAX = 0.2


def net(price):
    return price


def gross(price):
    return price * (1 + TAX)


def label(price):
    return f"{price:.2f}"


def banner():
    return "shop"
'''

CHAT = """Rounded, and the label shows the currency:

```python
def gross(price):
    return round(price * (1 + TAX), 2)


def label(price):
    return f"{price:.2f} EUR"
```
"""

MERGED = ORIGINAL.replace("return price * (1 + TAX)", "return round(price * (1 + TAX), 2)").replace(
    '{price:.2f}"', '{price:.2f} EUR"'
)


def many_files(count: int) -> tuple[list[tuple[str, str]], str]:
    """Files as (path, text), and an answer that changes two places in each."""
    text = "a = 1\n\n\ndef one():\n    return a\n\n\ndef two():\n    return a\n"
    changed = text.replace("a = 1", "a = 2").replace("def two():\n    return a", "def two():\n    return a + 1")
    chat = "".join(f"### src/part_{n}.py\n\n```python\n# part {n}\n{changed}```\n\n" for n in range(count))
    return [(f"src/part_{n}.py", f"# part {n}\n{text}") for n in range(count)], chat


def make_person(name: str = "mira") -> User:
    return User.objects.create_user(username=name)


def make_apply(owner: User, **more: Any) -> Apply:
    """A queued apply."""
    given = {"original": ORIGINAL, "chat": CHAT, "path": "shop.py", "engine": "embedded"}
    return create_apply(owner, **{**given, **more})


def make_finished(owner: User, merged: str = MERGED, **more: Any) -> Apply:
    """A finished apply with its real hunks."""
    apply = make_apply(owner, **more)
    begun = begin_attempt(apply.id)
    assert begun is not None
    finish(begun, merged)
    found = find_apply(owner, apply.id)
    assert found is not None
    return found


def finish(begun: Apply, merged: str) -> None:
    """Ends a running apply with this text and its real hunks."""
    outcome = Outcome(
        merged=merged,
        engine="embedded",
        confidence="certain",
        hunks=hunks(begun.original.text, merged),
        notes=[],
        checks=[],
        support={},
        stats={},
        events=[{"seq": 1, "type": "finished"}],
    )
    assert finish_apply(begun.id, begun.attempt, outcome)
