"""`manage.py calibrate SUITE.jsonl …`: how far the embedded engine's probabilities can be trusted, and their weights.

Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from applyweb.core import calibration, languages, scoring
from applyweb.core.calibration import Model, Sample
from applyweb.core.cases import Case, CaseError, case_of
from applyweb.core.cutting.styles import BASE
from applyweb.core.merge import MergeRefused, confidence, merge, weights
from applyweb.core.merge.import_sets import imported

_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
_FOLDS = 5
_LEAST_CERTAIN = 0.9  # nothing less likely is called certain, however few of such are wrong
_LEAST = 3  # a feature of fewer cases keeps its prior


@dataclass(frozen=True, slots=True)
class Tried:
    """One case merged: its sample, and whether the merge held an error, with which it is never certain."""

    id: str
    sample: Sample
    barred: bool
    is_plain: bool


class Command(BaseCommand):
    help = "Check how far the embedded engine's probabilities hold on packages that the fit has not seen."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("suites", nargs="+", help=".jsonl files of cases (see evaluate --help)")
        parser.add_argument(
            "--silent", type=float, default=0.01, help="share of cases that may be wrong silently (0.01)"
        )
        parser.add_argument("--strength", type=float, default=1.0, help="how strongly weights are held to their prior")
        parser.add_argument(
            "--plain",
            type=float,
            default=0.8,
            metavar="SHARE",
            help="what the cases of plain styles count for in a fit, of all; treacherous ones are rarer in chats than "
            "in a suite that holds every style in equal parts (0.8)",
        )
        parser.add_argument("--standing", action="store_true", help="check the weights that stand; fit none")
        parser.add_argument("--workers", type=int, default=1, help="merge N cases at once")
        parser.add_argument("--write", action="store_true", help="write the fitted weights into the source")
        parser.add_argument("--json", metavar="OUT", help="write the whole report here as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = [case for name in options["suites"] for case in _read(Path(name))]
        if not cases:
            raise CommandError("The suites hold no case with a wanted file.")
        tried = [each for each in tqdm(_tried(cases, options["workers"]), total=len(cases), unit="case") if each]
        if not 0 < options["plain"] <= 1:
            raise CommandError("--plain is a share above 0, and 1 at most.")
        tried = _weighted(tried, options["plain"])
        samples = [each.sample for each in tried]
        common = Counter(name for sample in samples for name in sample.evidence)
        rare = {name for name, count in common.items() if count < _LEAST}

        def fitted(some: Sequence[Sample]) -> Model:
            plain = [replace(each, evidence={k: v for k, v in each.evidence.items() if k not in rare}) for each in some]
            return calibration.fit(plain, confidence.prior, confidence.PRIOR_BIAS, options["strength"])

        if options["standing"]:
            likely = [confidence.probability(sample.evidence) for sample in samples]
            threshold = weights.CERTAIN
        else:
            likely = calibration.cross_validated(samples, fitted, _FOLDS)
            threshold = _threshold(tried, likely, options["silent"])
        report = _report(tried, likely, threshold, refused=len(cases) - len(tried))
        if not options["standing"]:
            model = fitted(samples)
            report["bias"], report["weights"] = model.bias, dict(sorted(model.weights.items()))
            if options["write"]:
                source = Path(weights.__file__)
                source.write_text(_source(model, threshold), encoding="utf-8")
        if options["json"]:
            Path(options["json"]).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(_table(report))


def _read(suite: Path) -> Iterator[tuple[str, Case]]:
    try:
        text = suite.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Cannot read {suite}: {error}") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            case = case_of(row, number)
        except (json.JSONDecodeError, CaseError, AttributeError) as error:
            raise CommandError(f"{suite}, line {number}: {error}") from error
        if case is not None and case.expected is not None:
            yield _group(row, case), case


def _group(row: dict[str, Any], case: Case) -> str:
    """The package that a case is from: files of one are alike, so they must not stand on both sides of a fold."""
    source = row.get("source")
    if isinstance(source, dict) and isinstance(source.get("package"), str):
        return str(source["package"])
    return case.id.rsplit("-", 2)[0]


def _tried(cases: Sequence[tuple[str, Case]], workers: int) -> Iterator[Tried | None]:
    if workers <= 1:
        yield from map(_try, cases)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_try, cases, chunksize=16)


def _try(grouped: tuple[str, Case]) -> Tried | None:
    """None where the merge was refused: it has no probability."""
    group, case = grouped
    language = languages.guess(case.path, case.language).name
    try:
        made = merge(case.original, case.chat, path=case.path, language=case.language)
    except MergeRefused:
        return None
    expected = case.expected or ""
    right = scoring.score(case.original, expected, made.text, "certain", language).outcome != "silent_wrong"
    right = right or imported(made.text, language) == imported(expected, language)  # no style of imports is evidence
    barred = made.confidence == "unsure" and confidence.is_barred(made.notes)
    is_plain = not case.style or case.style in BASE
    return Tried(case.id, Sample(made.evidence, right, group), barred, is_plain)


def _weighted(tried: Sequence[Tried], plain: float) -> list[Tried]:
    """The cases of other than plain styles count for what is left beside `plain`, each plain one for 1."""
    usual = sum(each.is_plain for each in tried)
    others = len(tried) - usual
    if not usual or not others:
        return list(tried)
    weight = (1 - plain) / plain * usual / others
    return [each if each.is_plain else replace(each, sample=replace(each.sample, weight=weight)) for each in tried]


def _threshold(tried: Sequence[Tried], likely: Sequence[float], silent: float) -> float:
    """The lowest probability, 0.9 at least, from which on no more cases are wrong and not barred than allowed."""
    allowed = silent * sum(each.sample.weight for each in tried)
    wrong = 0.0
    threshold = 1.0
    for p, each in sorted(zip(likely, tried, strict=True), key=lambda pair: -pair[0]):
        if not each.sample.right and not each.barred:
            wrong += each.sample.weight
            if wrong > allowed:
                break
        threshold = p
    return round(min(0.99, max(_LEAST_CERTAIN, threshold)), 3)


def _report(tried: Sequence[Tried], likely: Sequence[float], threshold: float, refused: int) -> dict[str, Any]:
    right = [each.sample.right for each in tried]
    certain = [p >= threshold and not each.barred for p, each in zip(likely, tried, strict=True)]
    count = len(tried) + refused
    silent = [each.id for each, sure in zip(tried, certain, strict=True) if sure and not each.sample.right]
    return {
        "cases": count,
        "right": sum(right),
        "refused": refused,
        "threshold": threshold,
        "certain": sum(certain),
        "silent_wrong": len(silent),
        "flagged": count - sum(certain),
        "flagged_though_right": sum(r and not sure for r, sure in zip(right, certain, strict=True)),
        "brier": calibration.brier(likely, right),
        "log_loss": calibration.log_loss(likely, right),
        "bins": [asdict(each) for each in calibration.reliability(likely, right, _EDGES)],
        "silent": silent,
    }


def _table(report: dict[str, Any]) -> str:
    lines = ["probability     cases  expected   right"]
    lines += [
        f"{each['low']:.2f} to {each['high']:.2f}  {each['count']:6}  {each['expected']:7.1%}  {each['right']:6.1%}"
        for each in report["bins"]
    ]
    count = report["cases"]
    lines.append(
        f"{count} cases, right {report['right'] / count:.1%}; certain from {report['threshold']}: "
        f"{report['certain'] / count:.1%}, silently wrong {report['silent_wrong'] / count:.2%}, "
        f"flagged {report['flagged'] / count:.1%} (right all the same: {report['flagged_though_right'] / count:.1%}); "
        f"Brier {report['brier']:.4f}, log loss {report['log_loss']:.4f}"
    )
    if "weights" in report:
        lines.append(f"bias {report['bias']:+.2f}")
        lines += [f"{value:+6.2f}  {name}" for name, value in sorted(report["weights"].items(), key=lambda x: x[1])]
    return "\n".join(lines)


def _source(model: Model, threshold: float) -> str:
    rows = "".join(f'    "{name}": {value:.3f},\n' for name, value in sorted(model.weights.items()))
    return (
        '"""What each piece of evidence weighs. Written by `manage.py calibrate`; see `confidence`."""\n\n'
        f"BIAS = {model.bias:.3f}\nCERTAIN = {threshold}\nWEIGHTS: dict[str, float] = {{\n{rows}}}\n"
    )
