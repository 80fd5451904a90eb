"""`manage.py cut_cases OUT.jsonl --package pypi:NAME …`: thousands of cases for `evaluate` and `calibrate`, cut from
the real changes between releases. Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from applyweb.core import languages
from applyweb.core.cutting import STYLES, Change, cut, drawn
from applyweb.management.releases import Release, ReleaseError, kept_releases, releases

_BYTES = 200_000
_LONGEST = 400  # a file with longer lines is minified


class Command(BaseCommand):
    help = "Make cases from what changed between consecutive public releases of packages (JSON lines, for evaluate)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", help="the .jsonl file to write")
        parser.add_argument(
            "--package", action="append", default=[], metavar="INDEX:NAME", help="pypi:NAME or npm:NAME; repeatable"
        )
        parser.add_argument("--releases", type=int, default=4, help="how many of its last releases (4)")
        parser.add_argument(
            "--from",
            nargs=2,
            action="append",
            default=[],
            metavar=("OLD", "NEW"),
            dest="folders",
            help="two folders instead; repeatable",
        )
        parser.add_argument(
            "--both-ways", action="store_true", help="also what would lead from a release to the one before"
        )
        parser.add_argument("--style", action="append", choices=sorted(STYLES), help="only this style; repeatable")
        parser.add_argument(
            "--wordings",
            choices=["all", "even", "odd"],
            default="all",
            help="only half of the ways to say things (all)",
        )
        parser.add_argument("--each", type=int, default=2, help="cases in different styles for each file (2)")
        parser.add_argument("--hunks", type=int, default=12, help="leave out files with more changes (12)")
        parser.add_argument("--lines", type=int, default=3000, help="leave out longer files (3000)")
        parser.add_argument("--most", type=int, default=0, help="at most N cases from two releases (0: all)")
        parser.add_argument("--limit", type=int, default=0, help="at most N cases, drawn at random")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--cache", default="", help="where releases are kept (the data folder)")
        parser.add_argument("--kept", action="store_true", help="only releases that are kept there; ask no index")

    def handle(self, *args: Any, **options: Any) -> None:
        cache = Path(options["cache"] or Path(settings.DATA_DIR) / "releases")
        pairs = [
            (Release(Path(old).name, "old", Path(old)), Release(Path(new).name, "new", Path(new)))
            for old, new in options["folders"]
        ]
        for spec in tqdm(options["package"], unit="package", disable=not options["package"]):
            try:
                found = (kept_releases if options["kept"] else releases)(spec, options["releases"], cache)
            except ReleaseError as error:
                raise CommandError(str(error)) from error
            pairs += pairwise(found)
        if options["both_ways"]:
            pairs += [(new, old) for old, new in pairs]
        if not pairs:
            raise CommandError("Nothing to cut from: name a --package, or two folders with --from.")
        cases: dict[str, dict[str, Any]] = {}
        made: Counter[str] = Counter()
        for old, new in tqdm(pairs, unit="release"):
            for case in islice(_cases(old, new, options, made), options["most"] or None):
                cases.setdefault(case["original"] + "\x00" + case["chat"], case)
        rows = list(cases.values())
        if 0 < options["limit"] < len(rows):
            rows = Random(options["seed"]).sample(rows, options["limit"])
        try:
            with Path(options["out"]).open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        except OSError as error:
            raise CommandError(f"Cannot write {options['out']}: {error.strerror}.") from error
        counts = Counter(row["style"] for row in rows)
        self.stdout.write("\n".join(f"{count:6}  {style}" for style, count in sorted(counts.items())))
        self.stdout.write(f"{len(rows):6}  in all, from {len(pairs)} pairs of releases")


def _cases(old: Release, new: Release, options: dict[str, Any], made: Counter[str]) -> Iterator[dict[str, Any]]:
    """Cases of the files that both releases have, in a drawn order. `made` counts the cases of each style: the rarest
    are tried first."""
    paths = sorted(new.folder.rglob("*"))
    for path in Random(f"{options['seed']} {new.package} {old.version} {new.version}").sample(paths, len(paths)):
        name = path.relative_to(new.folder).as_posix()
        change = _change(old.folder / name, path, name, options)
        if change is None:
            continue
        draw = drawn(f"{options['seed']} {new.package} {old.version} {new.version} {name}", options["wordings"])
        styles = options["style"] or list(STYLES)
        styles = sorted(draw.sample(styles, len(styles)), key=lambda style: made[style])
        found = 0
        for style in styles:
            answer = cut(change, style, draw)
            if answer is None:
                continue
            found += 1
            made[style] += 1
            yield {
                "id": f"{new.package}-{old.version}-{new.version}-{style}-{sha256(name.encode()).hexdigest()[:6]}",
                "path": change.path,
                "language": change.language.name,
                "format": answer.format,
                "style": style,
                "base": answer.base,
                "source": {"package": new.package, "old": old.version, "new": new.version},
                "original": change.old_text,
                "chat": answer.chat,
                "expected": answer.expected,
            }
            if found == options["each"]:
                break


def _change(before: Path, after: Path, name: str, options: dict[str, Any]) -> Change | None:
    """What changed in a file; None where nothing did, or where no person would ask for it."""
    if not after.is_file() or not before.is_file() or not languages.guess(name).name:
        return None
    old, new = _text(before), _text(after)
    if old is None or new is None or old == new:
        return None
    change = Change(old, new, PurePosixPath(name.removeprefix("files/")).as_posix())
    if not 1 <= len(change.spans) <= options["hunks"] or not 20 <= len(change.old) <= options["lines"]:
        return None
    if 2 * sum(end - start for start, end, _, _ in change.spans) > len(change.old):
        return None  # a rewrite
    return change


def _text(path: Path) -> str | None:
    """A file's text; None for one that no person writes or reads."""
    if path.is_symlink() or path.stat().st_size > _BYTES:
        return None
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\x00" in text or any(len(line) > _LONGEST for line in text.split("\n")):
        return None
    return text
