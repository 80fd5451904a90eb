"""The part `browser` of `manage.py bench`: arguments in, report out.

Must not know: how anything is measured.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from applyweb.management.report_files import write_json, write_text
from applyweb.serving.bench.chromium import NoBrowser
from applyweb.serving.bench.review import cases, columns, contest, run
from applyweb.serving.bench.review.tools import OWN, PEER_NAMES
from applyweb.serving.bench.site import SiteError

_BUSY = 0.5  # of its cores, before anything is measured
_QUICK_RUNS = 3  # the fewest that have a middle one


def bench_browser(
    machine: dict[str, Any], *, report: Path | None, plot: Path | None, only: str | None, rivals: str, quick: bool
) -> tuple[str, int]:
    """The text for people and the exit code; writes the plot, and the report after every load. The rows of a case are
    shown as soon as it is measured."""
    chosen = [case for case in (cases.QUICK if quick else cases.FULL) if only in (None, case.name)]
    if not chosen:
        raise CommandError(f"There is no case {only!r}. Choose one of: {', '.join(cases.NAMES)}.", returncode=2)
    peers = _peers(rivals)
    runs = _QUICK_RUNS if quick else run.RUNS
    tools = [OWN.name, *peers]
    so_far: dict[str, Sequence[contest.Result]] = {}
    with tqdm(total=bool(peers) + len(chosen) * len(tools) * (1 + runs), unit="step") as bar:

        def tell(what: str) -> None:
            bar.set_description(what)
            bar.update()

        def keep(case: cases.Case, results: Sequence[contest.Result], ended: bool) -> None:
            so_far[case.name] = results
            if report is not None:
                _write(report, chosen, so_far, machine, complete=False)
            if ended:
                bar.write(contest.table(contest.rows([case], results), tools) + "\n", file=sys.stderr)

        why, no_peers = "", ""
        try:
            no_peers = run.run(chosen, peers, runs, tell, keep).no_peers
        except KeyboardInterrupt:
            why = "it was interrupted."
        except (NoBrowser, SiteError, run.BrokeOff) as error:
            why = str(error)
    results = [result for found in so_far.values() for result in found]
    if why and not any(result.loads for result in results):
        raise CommandError(f"Nothing was measured. {why}", returncode=2)
    rows = contest.rows([case for case in chosen if case.name in so_far], results)
    if report is not None:
        _write(report, chosen, so_far, machine, complete=not why)
    if plot is not None:
        write_text(plot, columns.svg(rows, tools))
    told = contest.cut_short(chosen, results, runs, why) if why else []
    told += contest.sentences(rows, results, no_peers)
    if machine["load"] > _BUSY * machine["cpus"]:
        told.append(f"The machine was busy (load {machine['load']} at the start): all times are too high.")
    return "\n".join([contest.table(rows, tools), "", *told]), contest.CUT_SHORT if why else contest.exit_code(rows)


def _write(
    path: Path,
    chosen: Sequence[cases.Case],
    so_far: Mapping[str, Sequence[contest.Result]],
    machine: Mapping[str, Any],
    *,
    complete: bool,
) -> None:
    results = [result for found in so_far.values() for result in found]
    rows = contest.rows([case for case in chosen if case.name in so_far], results)
    write_json(path, contest.as_json(rows, results, machine, complete=complete))


def _peers(rivals: str) -> list[str]:
    """In the order in which they are known, whatever the order of the words. "none" is none of them."""
    words = {word.strip() for word in rivals.split(",")} - {"", "none"}
    if unknown := words - set(PEER_NAMES):
        raise CommandError(f"There is no peer {min(unknown)!r}. Choose of: {', '.join(PEER_NAMES)}.", returncode=2)
    return [name for name in PEER_NAMES if name in words]
