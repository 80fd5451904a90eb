"""Records into fine-tuned apply models and drafts.

Must not know: Django, the database.
"""
