"""What each piece of evidence weighs. Written by `manage.py calibrate`; see `confidence`."""

BIAS = 6.733
CERTAIN = 0.92
WEIGHTS: dict[str, float] = {
    "declared_twice": -4.585,
    "definitions_dropped": -3.885,
    "edge_unsure": -4.521,
    "emptied_block": -4.321,
    "end_left_out": -3.994,
    "large_removal": -2.514,
    "reach_unsure": -2.699,
    "repeats": -3.041,
    "syntax": -4.926,
    "tail_left_out": -0.992,
    "unasked_removal": -1.918,
    "~bare": -1.731,
    "~deleted_between": 0.248,
    "~new_definition_in_gap": -0.906,
    "~new_lines_in_gap": -2.712,
    "~pieces": -1.015,
    "~renamed_lines": 0.057,
    "~rewritten_between": -0.449,
    "~thin_pieces": 0.212,
    "~unanchored": 0.025,
    "~unlike": -2.941,
    "~view": 0.595,
    "~whole": 0.378,
}
