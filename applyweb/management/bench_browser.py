"""The part `browser` of `manage.py bench`: arguments in, report out.

Must not know: how anything is measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from applyweb.management.bench_models import write_json, write_text
from applyweb.serving.bench.chromium import NoBrowser
from applyweb.serving.bench.review import cases, columns, contest, run
from applyweb.serving.bench.review.tools import OWN, PEER_NAMES
from applyweb.serving.bench.site import SiteError

_NOTHING_MEASURED = 2
_BUSY = 0.5  # of its cores, before anything is measured


def bench_browser(
    machine: dict[str, Any], *, report: Path | None, plot: Path | None, only: str | None, rivals: str, quick: bool
) -> tuple[str, int]:
    """The text for people and the exit code; writes the report and the plot."""
    chosen = [case for case in (cases.QUICK if quick else cases.FULL) if only in (None, case.name)]
    if not chosen:
        raise CommandError(f"There is no case {only!r}. Choose one of: {', '.join(cases.NAMES)}.", returncode=2)
    peers = _peers(rivals)
    runs = 1 if quick else run.RUNS
    total = bool(peers) + len(chosen) * (1 + len(peers)) * (1 + runs)
    with tqdm(total=total, unit="step") as bar:

        def tell(what: str) -> None:
            bar.set_description(what)
            bar.update()

        try:
            ended = run.run(chosen, peers, runs, tell)
        except (NoBrowser, SiteError) as error:
            raise CommandError(f"Nothing was measured. {error}", returncode=_NOTHING_MEASURED) from error
    rows = contest.rows(chosen, ended.results)
    if report is not None:
        write_json(report, contest.as_json(rows, ended.results, machine))
    if plot is not None:
        write_text(plot, columns.svg(rows, [OWN.name, *peers]))
    told = contest.sentences(rows, ended.results, ended.no_peers)
    if machine["load"] > _BUSY * machine["cpus"]:
        told.append(f"The machine was busy (load {machine['load']} at the start): all times are too high.")
    return "\n".join([contest.table(rows, [OWN.name, *peers]), "", *told]), contest.exit_code(rows)


def _peers(rivals: str) -> list[str]:
    """In the order in which they are known, whatever the order of the words. "none" is none of them."""
    words = {word.strip() for word in rivals.split(",")} - {"", "none"}
    if unknown := words - set(PEER_NAMES):
        raise CommandError(f"There is no peer {min(unknown)!r}. Choose of: {', '.join(PEER_NAMES)}.", returncode=2)
    return [name for name in PEER_NAMES if name in words]
