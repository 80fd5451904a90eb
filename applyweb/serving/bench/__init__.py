"""How fast the site is: texts, an engine that stamps its lines, readers, and the cases of `manage.py bench web`.

Must not know: Django, the database. The site is measured from outside, as a process of its own.
"""
