"""What runs long: driving an engine for an apply, the task broker, the event log.

Must not know: sockets, requests, templates.
"""
