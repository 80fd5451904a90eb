"""Hypothesis without a deadline: how long an example takes depends on the machine and proves nothing."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
