"""Read-side querysets and the numbers computed from them.

Must not know: how anything is written or shown.
"""
