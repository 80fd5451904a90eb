"""WebSocket consumers: readers of the event log and of notices. Must not know: how an apply is made or decided."""
