"""A model's raw text while it arrives: the file inside it, and the changes that are already sure.

May live here: what turns arriving text into text and values, sans-I/O. Must not know: sockets, engines, time.
"""

from applyweb.core.stream.reader import UpdateReader
from applyweb.core.stream.settler import Settled, Settler

__all__ = ["Settled", "Settler", "UpdateReader"]
