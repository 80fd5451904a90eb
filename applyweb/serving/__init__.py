"""Model servers: launch profiles, the copy-draft plugin, speed measurements.

Must not know: Django, the database.
"""
