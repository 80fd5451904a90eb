"""The parts `draft`, `engine` and `steps` of `manage.py bench`: arguments in, report out.

Must not know: how anything is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from applyweb.core.cases import Case
from applyweb.engines import registry
from applyweb.engines.base import Engine
from applyweb.engines.registry import UnknownEngine
from applyweb.engines.settings import EngineSettings
from applyweb.jobs.model_server import engine_settings
from applyweb.management.replays_file import ReplaysFile
from applyweb.management.report_files import write_json, write_text
from applyweb.management.steps_report import StepsReport
from applyweb.management.suites import read_suite
from applyweb.serving.bench import drafts, engines, floor, ngram, recordings, scatter, steps
from applyweb.serving.model_server import profiles, weights
from applyweb.serving.model_server.gpus import gpus_here
from applyweb.serving.model_server.host import packages_of
from applyweb.serving.model_server.weights import NotWhole

_NOTHING_MEASURED = 2
_WITHOUT_MODEL = ("embedded", "auto")
_STEPS = (
    *("1.5b-plain", "1.5b-eagle3", "1.5b-ngram", "1.5b-apply"),
    *("7b-plain", "7b-eagle3", "7b-ngram", "7b-apply", "7b-apply-fp8"),
)
_ANSWER = 10_000  # tokens: about those of a file of 1,000 lines


def bench_draft(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The table and the report of acceptance lengths; with `record` that engine is asked for the answers first."""
    suite, limit = _given(options["suite"], "--suite"), options["limit"]
    encode = _encoder(_given(options["tokenizer"], "--tokenizer"))
    if options["record"]:
        cases = _recorded(suite, limit, rival_of(options["record"]).engine, _given(options["replays"], "--replays"))
    else:
        cases = read_suite(suite)[0][: limit or None]
    progress = tqdm(cases, unit="case", desc="tokens")
    replays = [replay for case in progress if (replay := drafts.replay_of(case, encode)) is not None]
    if not replays:
        raise CommandError("The suite has no case with an output or an expected file.", returncode=_NOTHING_MEASURED)
    rows = [*_by_ngram(options["ngram"], replays)] if options["ngram"] else []
    total = len(drafts.WIDTHS) * len(drafts.SOURCES)
    rows += tqdm(drafts.accepted(replays), total=total, unit="row", desc="replays")
    told = (
        f"\nTokens a verify step over {len(replays)} cases, {rows[0].tokens:,} tokens of answers, greedy; K counts all "
        "tokens of a step."
    )
    return drafts.table(rows) + told, {"rows": [{**asdict(row), "length": round(row.length, 3)} for row in rows]}


def _recorded(suite: Path, limit: int, engine: Engine, path: Path) -> list[Case]:
    """The cases with what the engine made of them, from the file where it has them already; what is new is added to it
    at once, so that a recording that was cut short goes on. Cases that it could not do are told and left out."""
    cases, rows, _ = read_suite(suite)
    replays = ReplaysFile(path, engine.name, _model_of(engine), cases)
    row_of = dict(list(zip(cases, rows, strict=True))[: limit or None])
    missing = [case for case in row_of if replays.answered(case) is None]
    for case, output, why in tqdm(recordings.answers(missing, engine), total=len(missing), unit="case", desc="answers"):
        if output is None:
            tqdm.write(f"{case.id}: {why}", file=sys.stderr)
        else:
            replays.add(case, row_of[case], output)
    found = [answered for case in row_of if (answered := replays.answered(case)) is not None]
    if not found:
        raise CommandError("The model did none of the cases.", returncode=_NOTHING_MEASURED)
    return found


def _model_of(engine: Engine) -> str:
    """The one that its server says it has, or that is set. Errors: CommandError where none writes, or not always."""
    if engine.name in _WITHOUT_MODEL:
        message = (
            f"With the engine {engine.name!r} no language model writes, or not always: --record needs one that does."
        )
        raise CommandError(f"{message} Name sglang@URL or openai@URL.", returncode=_NOTHING_MEASURED)
    status = asyncio.run(engine.status())
    model = dict(status.facts).get("Model")
    if status.state != "ready" or model is None:
        message = f"Which model would write the answers is not known. {status.message}"
        raise CommandError(message, returncode=_NOTHING_MEASURED)
    return model


def _by_ngram(python: str, replays: Sequence[drafts.Replay]) -> list[drafts.Accepted]:
    with TemporaryDirectory(prefix="applyweb-replays-") as folder:
        tokens = Path(folder) / "tokens.jsonl"
        write_text(tokens, "".join(f"{json.dumps(asdict(replay))}\n" for replay in replays))
        rows, total = ngram.accepted(python, tokens, len(replays)), len(ngram.BREADTHS) * len(ngram.WIDTHS)
        try:
            return list(tqdm(rows, total=total, unit="row", desc=drafts.NGRAM))
        except ngram.NoNgram as error:
            raise CommandError(str(error), returncode=_NOTHING_MEASURED) from error


def bench_engines(suite: Path | None, rivals: str, limit: int, plot: Path | None) -> tuple[str, dict[str, Any]]:
    """The table and the report of engines side by side; writes the plot."""
    cases, _, _ = read_suite(_given(suite, "--suite"))
    cases = [case for case in cases if case.expected is not None][: limit or None]
    chosen = [rival_of(word) for word in rivals.split(",") if word.strip()]
    if not cases or not chosen:
        raise CommandError("There is no case to run, or no engine to run it.", returncode=_NOTHING_MEASURED)
    if len({rival.name for rival in chosen}) < len(chosen):
        raise CommandError("Two engines have the same name: give one a name of its own, NAME=ENGINE@URL.")
    found = list(tqdm(engines.runs(cases, chosen), total=len(cases) * len(chosen), unit="apply", desc="side by side"))
    if plot is not None:
        write_text(plot, scatter.svg(found))
    report = engines.report(found)
    if all(run.failure for run in found):
        why = "\n".join(dict.fromkeys(f"{run.engine}: {run.failure}" for run in found))
        raise CommandError(f"Every run failed.\n{engines.table(report)}\n{why}", returncode=_NOTHING_MEASURED)
    return engines.table(report), report


def bench_steps(options: dict[str, Any], report: Path | None, machine: dict[str, Any], *, quick: bool) -> str:
    """The table of steps; each row is kept in the report, by itself in the data folder, as soon as it is measured. What
    a report at hand has is not measured again. Errors: CommandError where nothing could be measured."""
    stages = _stages(options)
    gpus = gpus_here()
    gpu = gpus if isinstance(gpus, str) else gpus[0].name
    driver = "" if isinstance(gpus, str) else gpus[0].driver
    packages = packages_of(options["python"])
    if isinstance(packages, str):
        raise CommandError(packages, returncode=_NOTHING_MEASURED)
    load = steps.QUICK if quick else steps.Load()
    kept = report or Path(settings.DATA_DIR) / "bench" / f"steps-{time.strftime('%Y%m%d-%H%M%S')}.json"
    logs = kept.with_name(f"{kept.stem}-logs")
    _make_folder(logs)
    what = {"gpu": gpu, "driver": driver, "packages": packages, "load": json.loads(json.dumps(asdict(load)))}
    found = StepsReport(kept, what, machine, {stage.key: stage.facts for stage in stages})
    for stage in tqdm([stage for stage in stages if stage.key not in found.done], unit="server", desc="steps"):
        for row in steps.run(stage, load, options["python"], gpu, options["port"], logs, simulated=not quick):
            found.add(stage.key, row)
        found.end(stage.key)
    rows = found.rows
    told = (
        f"{steps.table(rows)}\n\n{gpu}; prompts of {load.prompt:,} tokens, answers of {load.answer:,}, random weights; "
        "through the site real weights, acceptance as it comes.\n"
        f"The figures are in {kept}, the servers' logs in {logs}. With --json {kept} the same goes on where it ended."
    )
    if all(row.failure for row in rows):
        raise CommandError(f"Nothing was measured.\n{told}", returncode=_NOTHING_MEASURED)
    return told


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"Cannot write {folder}: {error.strerror}.", returncode=_NOTHING_MEASURED) from error


def computed_steps(options: dict[str, Any], name: str, report: Path | None) -> str:
    """The table of the least that the same steps can take on a GPU that need not be here."""
    gpu = floor.known(name)
    if gpu is None:
        raise CommandError(f"No data sheet of {name!r} is known. Choose one of: {', '.join(floor.GPUS)}.", returncode=2)
    said = steps.Load().prompt
    rows = [
        floor.floor(stage.profile, gpu, stage.width, stage.accepts, said, _ANSWER)
        for stage in _stages(options)
        if not stage.model and (stage.width or not stage.profile.speculation)
    ]
    if report is not None:
        write_json(report, floor.as_json(rows, name))
    return floor.table(rows, name, said, _ANSWER)


def _stages(options: dict[str, Any]) -> list[steps.Stage]:
    try:
        known = profiles.load(Path(file) for file in options["profiles"])
        chosen = [profiles.named(name, known) for name in options["profile"] or _STEPS]
    except profiles.ProfileError as error:
        raise CommandError(str(error), returncode=_NOTHING_MEASURED) from error
    model, draft = (str(Path(path).expanduser()) if path else "" for path in (options["model"], options["draft"]))
    if model and find_spec("websockets") is None:
        raise CommandError("The package websockets is missing: pip install websockets", returncode=_NOTHING_MEASURED)
    for folder in filter(None, (model, draft)):
        try:
            weights.read(Path(folder))
        except NotWhole as error:
            raise CommandError(str(error), returncode=_NOTHING_MEASURED) from error
    if options["site_only"] and not model:
        raise CommandError("--site-only needs --model FOLDER.", returncode=_NOTHING_MEASURED)
    shapes = [] if options["site_only"] else steps.stages(chosen, options["widths"], "", draft)
    if not model:
        return shapes
    fitting = chosen if options["profile"] else steps.nearest(chosen, weights.read(Path(model)).numbers)
    return [*shapes, *steps.stages(fitting, options["widths"], model, draft)]


def rival_of(word: str) -> engines.Rival:
    """`[NAME=]ENGINE[@URL]`: an engine by its name, at an address of its own for one with a server."""
    name, named, rest = word.strip().partition("=")
    engine, _, url = (rest if named else name).partition("@")
    known = engine_settings()
    if url:
        known = _at(engine, url, known)
    try:
        return engines.Rival(name if named else engine, registry.get(engine, known))
    except UnknownEngine as error:
        raise CommandError(str(error), returncode=_NOTHING_MEASURED) from error


def _at(engine: str, url: str, known: EngineSettings) -> EngineSettings:
    if engine in ("sglang", "auto"):
        return replace(known, sglang_url=url, sglang_model="")  # the model expected is that of the site's own server
    if engine == "openai":
        return replace(known, openai_url=url)
    raise CommandError(f"The engine {engine!r} has no address.", returncode=_NOTHING_MEASURED)


def _given(path: Path | None, option: str) -> Path:
    if path is None:
        raise CommandError(f"This part needs {option}.", returncode=_NOTHING_MEASURED)
    return path


def _encoder(path: Path) -> Callable[[str], Sequence[int]]:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise CommandError("The package tokenizers is missing: pip install tokenizers", returncode=2) from error
    file = path / "tokenizer.json" if path.is_dir() else path
    if not file.is_file():
        raise CommandError(f"{file} is not there. Give the tokenizer.json of a model.", returncode=_NOTHING_MEASURED)
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:
        raise CommandError(f"{file} is no tokenizer: {error}", returncode=_NOTHING_MEASURED) from error
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)
