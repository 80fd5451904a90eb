"""The edge: HTTP views, JSON API, WebSocket consumers. Parse, authorise, call one thing, render.

Must not know: how a merge is made, or how the database is written (that is `actions`).
"""
