"""What each piece of evidence weighs. Written by `manage.py calibrate`; see `confidence`."""

BIAS = 7.577
CERTAIN = 0.9
WEIGHTS: dict[str, float] = {
    "declared_twice": -6.763,
    "definitions_dropped": -6.430,
    "edge_unsure": -7.581,
    "emptied_block": -5.752,
    "end_left_out": -5.640,
    "large_removal": -2.724,
    "place_guessed": -7.005,
    "reach_unsure": -3.721,
    "repeats": -4.246,
    "syntax": -6.695,
    "tail_left_out": -1.565,
    "top_left_out": -7.451,
    "unasked_removal": -1.188,
    "~bare": -2.600,
    "~close_second": -0.158,
    "~deleted_between": 0.164,
    "~lost_lines": -0.722,
    "~new_definition_in_gap": -1.749,
    "~new_lines_in_gap": -3.344,
    "~pieces": -0.135,
    "~renamed_lines": -0.228,
    "~rewritten_between": -0.072,
    "~thin_pieces": 0.846,
    "~unanchored": 0.023,
    "~unlike": -3.428,
    "~view": 0.057,
    "~whole": 0.903,
}
