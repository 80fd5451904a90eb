"""The pure heart: texts, chats, merges, diffs, decisions, checks, and the statistics of evaluation. Values in,
values out.

Must not know: Django, files, network, clock, asyncio, logging.
"""
