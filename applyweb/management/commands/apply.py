"""`manage.py apply FILE --chat CHAT.md|-`: merge an assistant's answer into a file, to stdout.

Exit codes: 0 certain, 2 unsure (the reasons are on stderr), 1 failed, stopped for taking too long, or wrongly called
(stdout stays empty).
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applyweb.core import languages, text
from applyweb.engines import registry
from applyweb.engines.base import Note
from applyweb.management.once import Ended, apply_once


class Command(BaseCommand):
    help = "Merge an assistant's answer into FILE and print the result. Exit 0 certain, 2 unsure, 1 failed."
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
        parser.add_argument("file", help="the original file")
        parser.add_argument("--chat", required=True, help="the assistant's whole answer: a file, or - for stdin")
        parser.add_argument("--engine", default="embedded", choices=registry.names())
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        path = str(options["file"])
        original = _read(path)
        chat = _read(str(options["chat"]))
        ended = apply_once(str(options["engine"]), original, chat, path, languages.guess(path).name)
        if options["json"]:
            _write(json.dumps(_report(ended), ensure_ascii=False) + "\n")
        elif ended.text is not None:
            _write(ended.text)
        for note in ended.notes:
            if note.severity != "info":
                self.stderr.write(_line(note))
        if ended.text is None:
            raise CommandError(f"{path}: {ended.failure}", returncode=1)
        if ended.confidence != "certain":
            sys.exit(2)


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
