"""Two versions of a file -> what an assistant would have answered, in many styles.

The answers are cut mechanically from the real change, so that what is wanted is known and thousands can be made. A cut
is kept only where the answer determines the new file: every change is shown with lines around it that stand only there,
or as a whole definition, or in a whole file, or asked for by name. Around it stands what real answers hold besides:
prose that asks for nothing, examples, code as it was. May live here: reading a change, writing answers. Must not know:
how merges are made (a case that a merge gets wrong must not be left out), files, packages.
"""

from applyweb.core.cutting.answers import Cut
from applyweb.core.cutting.catalogue import STYLES, cut
from applyweb.core.cutting.change import Change
from applyweb.core.cutting.draw import Draw, Wordings, drawn

__all__ = ["STYLES", "Change", "Cut", "Draw", "Wordings", "cut", "drawn"]
