"""Where merges happen, behind one seam: `stream(request)` gives Delta events and one Finished.

Must not know: Django, the database, sockets.
"""
