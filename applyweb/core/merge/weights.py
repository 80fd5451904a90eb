"""What each piece of evidence weighs. Written by `manage.py calibrate`; see `confidence`."""

BIAS = 7.782
CERTAIN = 0.9
WEIGHTS: dict[str, float] = {
    "changes_nothing": -7.018,
    "declared_twice": -6.962,
    "definitions_dropped": -6.553,
    "edge_unsure": -7.353,
    "emptied_block": -6.264,
    "end_left_out": -5.979,
    "large_removal": -3.189,
    "place_guessed": -7.031,
    "reach_unsure": -4.149,
    "repeats": -4.467,
    "syntax": -7.144,
    "tail_left_out": -1.740,
    "top_left_out": -7.000,
    "unasked_removal": -0.883,
    "~bare": -2.579,
    "~close_second": -0.171,
    "~deleted_between": 0.100,
    "~lost_lines": -0.837,
    "~new_definition_in_gap": -1.380,
    "~new_lines_in_gap": -3.196,
    "~pieces": -0.553,
    "~renamed_lines": -0.221,
    "~rewritten_between": 0.150,
    "~thin_pieces": 0.664,
    "~unanchored": 0.016,
    "~unlike": -2.879,
    "~view": 0.462,
    "~whole": 0.844,
}
