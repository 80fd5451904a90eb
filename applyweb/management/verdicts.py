"""What a run of a suite comes to, as text, Markdown and JUnit: metrics, gates, and the comparison with a baseline.

Must not know: engines, how runs are made or kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from applyweb.core.figures import shown, shown_change, shown_range
from applyweb.core.gates import Judged, told_change
from applyweb.core.metrics import METRICS, Compared, measure
from applyweb.management.comparison import Comparison
from applyweb.management.rates import Result

_NAMED = 20  # cases named on the terminal; the reports name all
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of one engine's run. `metrics` are those of the comparison."""

    suite: str
    engine: str
    results: Sequence[Result]
    judged: Sequence[Judged] = ()
    comparison: Comparison | None = None
    metrics: Sequence[Compared] = ()


def text_of(told: Told) -> str:
    """The comparison and the gates in sentences; "" where there is neither."""
    lines: list[str] = []
    if told.comparison is not None:
        lines += _about(told.comparison)
        lines += [f"  {told_change(each)}" for each in told.metrics]
        lines += [f"{what}: {_some(names)}" for what, names in _flips(told.comparison) if names]
    if told.judged:
        lines += ["" for _ in lines[:1]] + [each.sentence for each in told.judged]
    return "\n".join(lines)


def markdown_of(runs: Sequence[Told]) -> str:
    return "\n".join(line for told in runs for line in _section(told))


def _section(told: Told) -> list[str]:
    lines = [f"## {_cell(told.suite)} with {_cell(told.engine)}", ""]
    if told.judged:
        lines += ["| gate | | |", "|---|---|---|"]
        lines += [
            f"| `{each.gate.text}` | {'**failed**' if each.failed else 'passed'} | {_cell(each.sentence)} |"
            for each in told.judged
        ]
        lines.append("")
    seen = [result.observation for result in told.results]
    lines += ["| metric | | 95 % interval |", "|---|---|---|"]
    for metric in METRICS.values():
        if (figure := measure(metric, seen)) is not None:
            lines.append(f"| {metric.name} | {shown(metric.unit, figure.value)} | {shown_range(metric.unit, figure)} |")
    lines.append("")
    if told.comparison is not None:
        lines += [*(f"{sentence}  " for sentence in _about(told.comparison)), ""]
        lines += ["| metric | before | after | change | 95 % interval | |", "|---|---|---|---|---|---|"]
        lines += [_row(each) for each in told.metrics]
        lines.append("")
        for what, names in _flips(told.comparison):
            if names:
                lines += [f"{what} ({len(names)}):", "", *(f"- {_cell(name)}" for name in names), ""]
    return lines


def _row(each: Compared) -> str:
    unit = each.metric.unit
    cells = [
        each.metric.name,
        shown(unit, each.before),
        shown(unit, each.after),
        shown_change(unit, each.difference.value),
        shown_range(unit, each.difference, change=True),
        str(each.verdict),
    ]
    return f"| {' | '.join(cells)} |"


def junit_of(runs: Sequence[Told]) -> str:
    """A suite of gates and a suite of cases for each engine. A gate that fails is a failure; only gates decide, so a
    case that came out wrong is skipped, with what it was; one in which the engine failed is an error."""
    root = Xml.Element("testsuites", name="applyweb evaluate")
    for told in runs:
        gates = Xml.SubElement(root, "testsuite", name=_xml(f"gates {told.suite} {told.engine}"))
        for judged in told.judged:
            case = Xml.SubElement(gates, "testcase", classname=_xml(f"gates.{told.engine}"), name=judged.gate.text)
            if judged.failed:
                Xml.SubElement(case, "failure", message=_xml(judged.sentence))
        _count(gates)
        cases = Xml.SubElement(root, "testsuite", name=_xml(f"cases {told.suite} {told.engine}"))
        for result in told.results:
            _case(cases, told.engine, result)
        _count(cases)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Xml.Element, engine: str, result: Result) -> None:
    name = {"classname": _xml(f"cases.{engine}"), "name": _xml(result.case.id), "time": f"{result.ms / 1000:.3f}"}
    case = Xml.SubElement(suite, "testcase", name)
    score = result.score
    if result.failure:
        Xml.SubElement(case, "error", message=_xml(f"the engine failed: {result.failure}"))
    elif score.outcome == "silent_wrong" or (score.outcome == "flagged" and result.case.expected is not None):
        said = f"{score.outcome}: {score.extra_lines} extra lines, {score.missing_lines} missing lines"
        Xml.SubElement(case, "skipped", message=said)


def _count(suite: Xml.Element) -> None:
    suite.set("tests", str(len(suite)))
    for kind, told in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(told, str(len(suite.findall(f"testcase/{kind}"))))


def _about(comparison: Comparison) -> list[str]:
    before, after = comparison.before, comparison.after
    lines = [f"Against {before.engine} on {before.suite}: {len(comparison.pairs):,} cases are in both runs."]
    if before.suite_hash != after.suite_hash:
        lines.append(
            f"The suites are not the same ({before.suite_hash} then, {after.suite_hash} now): "
            f"{_counted(comparison.changed, 'changed')}, {_counted(comparison.added, 'added')} and "
            f"{_counted(comparison.gone, 'gone')}; these are not compared."
        )
    return lines


def _counted(names: Sequence[str], what: str) -> str:
    return f"{len(names):,} {what}" + (f" ({_some(names, 3)})" if names else "")


def _flips(comparison: Comparison) -> list[tuple[str, list[str]]]:
    return [("No longer right", comparison.broken), ("Right now", comparison.mended)]


def _some(names: Sequence[str], most: int = _NAMED) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)
