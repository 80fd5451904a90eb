"""The browser benchmark of the review page, beside other diff views on the same texts: `manage.py bench browser`.

Must not know: Django, the database, arguments. The site is measured from outside, as a process of its own.
"""
