"""What speaks against a filled alignment: parts that say nothing, edges left out, lines that would go unshown.

Must not know: how splices are made.
"""

from __future__ import annotations

from bisect import bisect_left

from applyweb.core.merge.lines import decorates, is_closer, is_function, likeness, weighs_little
from applyweb.core.merge.members import holds_members
from applyweb.core.merge.plan import Plan
from applyweb.core.merge.preamble import is_preamble
from applyweb.core.merge.scene import Scene

_LOSS = 6  # so many lines are not taken away without a word
_BARE_LOSS = 4  # nor so many for which nothing new comes
_EDGE = 6
_KIN = 0.45  # less alike lines have nothing to do with one another


class Doubts:
    """Doubts about `plan`, which is being made for `scene`, are noted in it."""

    def __init__(self, scene: Scene, plan: Plan) -> None:
        self.scene, self.plan = scene, plan

    def idle(self) -> None:
        """A piece between two markers that changes nothing, and neither opens nor ends a block, was shown for a reason
        that is not seen."""
        scene = self.scene
        piece: list[int] | None = None
        for row in range(scene.edit.size):
            if not scene.gaps[row]:
                if piece is not None and scene.edit.keys[row]:
                    piece.append(row)
                continue
            if piece and self._is_idle(piece):
                self.plan.doubt("idle_piece", "This part changes nothing; what it stands for is not clear.", piece[0])
            piece = []

    def _is_idle(self, piece: list[int]) -> bool:
        scene = self.scene
        if any(row in scene.changed or row not in scene.at or scene.edit.ends[row] > row + 1 for row in piece):
            return False
        if any(scene.owners.row(row) == row or is_closer(scene.edit.keys[row]) for row in piece):
            return False
        return scene.at[piece[-1]] - scene.at[piece[0]] == piece[-1] - piece[0]

    def edges(self) -> None:
        """A view that marks its gaps and yet starts or ends a few lines short of the file's own edge may mean to remove
        those lines, or have left them out."""
        scene = self.scene
        if not scene.pairs or scene.reading.removes:
            return
        if scene.reading.bare and not self._nearly_whole():
            return
        first, last = scene.pairs[0], scene.pairs[-1]
        going = {at for splice in self.plan.splices for at in range(splice.start, splice.end)}
        above = [at for at in scene.solid_at(scene.reading.start, first.at) if at not in going]
        begins = scene.edit.name(scene.edit.solid[0])[0] == "import" and is_preamble(scene.original, range(first.at))
        if above and len(above) <= _EDGE and not begins and not self._starts_within(first.row):
            self.plan.doubt("top_left_out", f"The {len(above)} lines above the first one shown were kept.", 0)
        below = [at for at in scene.solid_at(last.at + 1, scene.reading.end) if at not in going]
        if below and (len(below) <= _EDGE or self._begins_at_top()) and not self._ends_within(first.row, last.row):
            self.plan.doubt("end_left_out", f"The {len(below)} lines below the last one shown were kept.", last.row)

    def _nearly_whole(self) -> bool:
        """Whether a piece without markers, which begins at the top of the file or with no function, shows about all
        that the file has."""
        scene = self.scene
        if 4 * len(scene.edit.solid) < 3 * len(scene.original.solid):
            return False
        return self._begins_at_top() or scene.owners.row(scene.edit.solid[0]) < 0

    def _begins_at_top(self) -> bool:
        """Whether the first line of a piece without markers is the first line of the file."""
        scene = self.scene
        return scene.reading.bare and scene.at.get(scene.edit.solid[0]) == scene.original.solid[0]

    def _starts_within(self, row: int) -> bool:
        """Whether the edit does not begin at the top of the file: with a marker, a function, a class or a block."""
        scene = self.scene
        first = scene.edit.solid[0]
        opens = scene.edit.ends[first] > first + 1 or scene.owners.row(first) >= 0
        return opens or any(scene.gaps[above] for above in range(row))

    def _ends_within(self, first: int, row: int) -> bool:
        """Whether the edit does not end at the end of the file: with a marker, with the one function that it is, or
        inside a function of a view that does not begin at the top."""
        scene = self.scene
        if any(scene.gaps[below] for below in range(row + 1, scene.edit.size)):
            return True
        if self._is_function() or self._shows_definitions(row):
            return True
        return any(scene.gaps[above] for above in range(first)) and scene.owners.row(scene.edit.solid[-1]) >= 0

    def _is_function(self) -> bool:
        """Whether all that is shown is one function, with what stands above its head."""
        edit = self.scene.edit
        head = next((row for row in edit.solid if edit.ends[row] > row + 1), -1)
        return (
            head >= 0
            and (edit.name(head)[0] == "def" or is_function(edit, head))
            and edit.ends[head] > edit.solid[-1]
            and all(decorates(edit.keys[row]) for row in edit.solid if row < head)
        )

    def _shows_definitions(self, row: int) -> bool:
        """Whether a piece that begins at the top of the file ends with a definition, and nothing but further ones come
        below in the file."""
        scene = self.scene
        below = scene.solid_at(scene.at[row] + 1, scene.original.size)
        return (
            self._begins_at_top()
            and scene.owners.row(row) >= 0
            and all(scene.their_owners.row(at) >= 0 for at in below)
        )

    def beside_marker(self, solid: list[int], low: int, high: int) -> None:
        """New lines between a shown line and a marker: whether they replace what the marker hides there, nobody says.
        Whole new definitions and imports are plainly new, and so is what goes on with a changed line above."""
        scene = self.scene
        if scene.reading.bare or not scene.solid_at(low, high):
            return
        shown = set(solid)
        if all(scene.owners.row(row) in shown for row in solid):
            return
        if all(scene.edit.name(row)[0] == "import" for row in solid):
            return
        marker = next((row for row in range(solid[-1] + 1, scene.edit.size) if scene.gaps[row]), -1)
        block = scene.edit.parents[solid[0]]
        if marker >= 0 and block in scene.at and scene.edit.indents[marker] <= scene.edit.indents[block]:
            return  # the block is shown to its end
        if block in scene.at and holds_members(scene.original, scene.at[block], ""):
            return  # one more item of a list, one more field: reach has found none that it is a version of
        index = bisect_left(scene.rows, solid[0]) - 1
        header = scene.rows[index] if index >= 0 else -1
        if header >= 0 and solid[-1] < scene.edit.ends[header] and header in scene.changed:
            return
        if all(decorates(scene.edit.keys[row]) for row in solid) and high and not scene.original.keys[high - 1]:
            return
        self.plan.doubt("edge_unsure", "New lines stand beside a marker: they may replace lines it hides.", solid[0])

    def reach(self, solid: list[int], low: int, high: int) -> None:
        """Lines beside a marker that give way without a new line that is like them."""
        scene = self.scene
        if scene.reading.bare:
            return
        keys = [scene.edit.keys[row] for row in solid]
        for at in scene.solid_at(low, high):
            key = scene.original.keys[at]
            if not scene.reading.work.spend(len(keys)):
                self.plan.doubt("reach_unsure", "This would replace more lines than could be looked at.", solid[0])
                return
            if not weighs_little(key) and not is_closer(key) and not any(likeness(key, new) >= _KIN for new in keys):
                self.plan.doubt("reach_unsure", f"This would replace a line that nothing shows: {key[:60]}", solid[0])
                return

    def loss(self, start: int, end: int, solid: list[int]) -> None:
        """Nothing but neighbourhood or likeness says that these rows give way: many of them want a second look."""
        scene = self.scene
        shown = len([row for row in solid if row not in scene.at])
        lost = len(scene.solid_at(start, end)) - shown
        if lost >= (_LOSS if shown else _BARE_LOSS) and not scene.reading.removes:
            # A view marks what it leaves out, so that what it does not show between two lines is meant to go.
            code = "bare_removal" if scene.reading.bare else "large_removal"
            self.plan.doubt(code, f"{lost} lines that the edit does not show were removed.", solid[0])
