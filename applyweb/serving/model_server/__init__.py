"""Starting SGLang: launch profiles, what a host must have for one, the processes.

Must not know: Django, the site.
"""
