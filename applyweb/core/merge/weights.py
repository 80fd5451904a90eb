"""What each piece of evidence weighs. Written by `manage.py calibrate`; see `confidence`."""

BIAS = 4.0
CERTAIN = 0.9
WEIGHTS: dict[str, float] = {}
