"""Properties are judged by what they find, never by the clock of a busy machine. The inner loop tries fewer cases."""

import os

from hypothesis import settings

settings.register_profile("core", deadline=None, max_examples=int(os.environ.get("APPLYWEB_EXAMPLES", "100")))
settings.load_profile("core")
