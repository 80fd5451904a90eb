"""Pure functions from texts, hunks and highlighted lines to values and safe HTML for templates.

Must not know: requests, the database, who decided what.
"""
