"""What each piece of evidence weighs. Written by `manage.py calibrate`; see `confidence`."""

BIAS = 7.720
CERTAIN = 0.9
WEIGHTS: dict[str, float] = {
    "changes_nothing": -7.021,
    "declared_twice": -6.743,
    "definitions_dropped": -6.533,
    "edge_unsure": -7.298,
    "emptied_block": -6.076,
    "end_left_out": -5.865,
    "large_removal": -2.682,
    "place_guessed": -7.023,
    "reach_unsure": -3.850,
    "repeats": -4.175,
    "syntax": -6.962,
    "tail_left_out": -1.828,
    "top_left_out": -7.001,
    "unasked_removal": -0.854,
    "~bare": -2.486,
    "~close_second": -0.130,
    "~deleted_between": -0.265,
    "~new_definition_in_gap": -1.940,
    "~new_lines_in_gap": -3.078,
    "~pieces": -0.552,
    "~renamed_lines": -0.078,
    "~rewritten_between": -0.159,
    "~thin_pieces": 0.724,
    "~unanchored": 0.018,
    "~unlike": -3.340,
    "~view": 0.493,
    "~whole": 0.835,
}
