"""Small real texts for tests."""

from __future__ import annotations

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
