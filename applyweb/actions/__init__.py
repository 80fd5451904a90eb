"""The only writers of the database: verb_object functions, atomic, with notices after commit.

Must not know: requests, sockets, engines.
"""
