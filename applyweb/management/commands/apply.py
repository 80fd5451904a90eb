"""`manage.py apply FILE... --chat CHAT.md|-`: merge an assistant's answer into a file, to stdout; of several files the
patch of them all, which `git apply` takes.

Exit codes: 0 certain, 2 unsure (the reasons are on stderr), 1 failed, stopped for taking too long, or wrongly called
(stdout stays empty).
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applyweb.core import languages, text
from applyweb.core.merge.assign import PlanError, clean_path
from applyweb.engines import registry
from applyweb.engines.base import Note
from applyweb.management.once import Ended, apply_once
from applyweb.management.several import apply_to_several, remarks


class Command(BaseCommand):
    help = (
        "Merge an assistant's answer into FILE and print the result, of several files one patch. "
        "Exit 0 certain, 2 unsure, 1 failed."
    )
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django's, but a wrong call ends with 1: argparse's own 2 would say unsure."""
        parser = self.create_parser(argv[0], argv[1])
        try:
            parser.parse_args(argv[2:])
        except CommandError as error:
            self.stderr.write(parser.format_usage() + str(error))
            sys.exit(1)
        super().run_from_argv(argv)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", help="the original file; several, where the answer is about several")
        parser.add_argument("--patch", action="store_true", help="print a patch of one file too")
        parser.add_argument("--chat", required=True, help="the assistant's whole answer: a file, or - for stdin")
        parser.add_argument("--engine", default="embedded", choices=registry.names())
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["file"]) > 1 or options["patch"]:
            self._several(**options)
            return
        path = str(options["file"][0])
        original = _read(path)
        chat = _read(str(options["chat"]))
        ended = apply_once(str(options["engine"]), original, chat, path, languages.guess(path, "", original).name)
        if options["json"]:
            _write(json.dumps(_report(ended), ensure_ascii=False) + "\n")
        elif ended.text is not None:
            _write(ended.text)
        self._tell(ended)
        if ended.text is None:
            raise CommandError(f"{path}: {ended.failure}", returncode=1)
        if ended.confidence != "certain":
            sys.exit(2)

    def _several(self, **options: Any) -> None:
        """Nothing is printed where a file fails, or where the answer does not say what it is for."""
        if options["json"]:
            raise CommandError("--json is for one file without --patch.")
        texts = {_relative(str(name)): _read(str(name)) for name in options["file"]}
        try:
            plan, done = apply_to_several(str(options["engine"]), texts, _read(str(options["chat"])))
        except PlanError as error:
            raise CommandError(str(error)) from error
        for remark in remarks(plan):
            self.stderr.write(remark)
        if not done:
            raise CommandError("Nothing was applied.")
        for each in done:
            self._tell(each.ended, f"{each.file.path}: ")
            if each.ended.text is None:
                raise CommandError(f"{each.file.path}: {each.ended.failure}")
        _write("".join(each.patch for each in done))
        if any(each.ended.confidence != "certain" for each in done):
            sys.exit(2)

    def _tell(self, ended: Ended, where: str = "") -> None:
        for note in ended.notes:
            if note.severity != "info":
                self.stderr.write(where + _line(note))


def _relative(name: str) -> str:
    """The path as a patch of this folder has it. Errors: CommandError."""
    path = clean_path(os.path.relpath(name))
    if not path:
        raise CommandError(f"{name} is not in this folder; a patch is for what is in it.")
    return path


def _read(name: str) -> str:
    """A file's text, or stdin's. Errors: CommandError."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return text.decode(data)
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}.") from error
    except text.TextError as error:
        raise CommandError(f"{name}: {error}") from error


def _write(content: str) -> None:
    """Exact bytes: stdout's own encoding and line ends would change them."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content.encode())
    sys.stdout.buffer.flush()


def _report(ended: Ended) -> dict[str, object]:
    report: dict[str, object] = {
        "merged": ended.text,
        "confidence": ended.confidence,
        "notes": [asdict(note) for note in ended.notes],
        "ms": ended.ms,
    }
    if ended.text is None:
        report["error"] = {"code": ended.code, "message": ended.failure}
    return report


def _line(note: Note) -> str:
    where = f"chat line {note.chat_line}: " if note.chat_line else ""
    return f"{note.severity}: {where}{note.message} [{note.code}]"
