"""HTML pages, one module a page. Each view reads, builds one value and renders it.

Must not know: how anything is written; pages change nothing, the JSON API does.
"""
