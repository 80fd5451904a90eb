"""The apply draft: drafts for speculative decoding, copied from the deterministic merge and from the prompt.

Runs inside of SGLang's scheduler. Must not know: Django, the site, how a merge is found.
"""
