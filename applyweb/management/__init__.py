"""Commands: arguments in, one call, a report out.

Must not know: HTTP or sockets.
"""
