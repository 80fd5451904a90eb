"""`manage.py cut_cases` from two folders, and `manage.py calibrate` on what came of it."""

from __future__ import annotations

import json
import tarfile
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from applyweb.management import releases
from applyweb.management.releases import ReleaseError
from tests.core.test_cutting import NEW, OLD


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / name / "pkg").mkdir(parents=True)
        (tmp_path / name / "pkg" / "garden.py").write_text(text)
        (tmp_path / name / "pkg" / "same.py").write_text(OLD)
        (tmp_path / name / "pkg" / "tiny.py").write_text(f"x = '{name}'\n")
        (tmp_path / name / "pkg" / "packed.js").write_text(f"//{name}\n" * 30 + "x" * 500)
    return tmp_path / "old", tmp_path / "new"


def _cut(folders: tuple[Path, Path], out: Path, *more: str) -> list[dict[str, object]]:
    call_command("cut_cases", str(out), "--from", *map(str, folders), *more, stdout=StringIO())
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_cases_are_cut_from_files_that_people_change(folders: tuple[Path, Path], tmp_path: Path) -> None:
    rows = _cut(folders, tmp_path / "cases.jsonl", "--each", "4")
    assert len(rows) == 4
    assert {row["path"] for row in rows} == {"pkg/garden.py"}
    assert len({row["style"] for row in rows}) == 4
    assert all(row["original"] == OLD and row["expected"] == NEW for row in rows)


def test_the_same_seed_gives_the_same_cases(folders: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = (_cut(folders, tmp_path / f"{name}.jsonl", "--seed", "5") for name in "ab")
    assert first == second


def test_cases_can_be_evaluated_and_calibrated(folders: tuple[Path, Path], tmp_path: Path) -> None:
    suite, report = tmp_path / "cases.jsonl", tmp_path / "report.json"
    count = len(_cut(folders, suite, "--each", "8"))
    call_command("evaluate", str(suite), "--json", str(report), stdout=StringIO())
    assert json.loads(report.read_text())["cases"] == count
    out = StringIO()
    call_command("calibrate", str(suite), "--standing", "--json", str(report), stdout=out)
    told = json.loads(report.read_text())
    assert told["cases"] == count
    assert sum(each["count"] for each in told["bins"]) + told["refused"] == count
    assert "certain from" in out.getvalue()


def test_calibrate_says_what_is_wrong_with_a_suite(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("calibrate", str(tmp_path / "none.jsonl"))
    (tmp_path / "bad.jsonl").write_text("{")
    with pytest.raises(CommandError, match="line 1"):
        call_command("calibrate", str(tmp_path / "bad.jsonl"))


def test_cut_cases_needs_something_to_cut_from(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing to cut from"):
        call_command("cut_cases", str(tmp_path / "out.jsonl"))


@pytest.mark.parametrize("spec", ["flask", "pypi:", "pypi:../x", "cpan:Moose", "npm:--flag"])
def test_what_is_no_package_is_not_asked_for(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no package"):
        releases.releases(spec, 2, tmp_path)


def test_archives_stay_in_their_folder(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tgz"
    with tarfile.open(evil, "w:gz") as packed:
        entry = tarfile.TarInfo("../out.txt")
        entry.size = 2
        packed.addfile(entry, BytesIO(b"no"))
    with pytest.raises(ReleaseError, match="not safe"):
        releases.unpack(evil, tmp_path / "in")
    wheel = tmp_path / "evil.whl"
    with zipfile.ZipFile(wheel, "w") as packed_wheel:
        packed_wheel.writestr("../out.txt", "no")
    releases.unpack(wheel, tmp_path / "in")
    assert not (tmp_path / "out.txt").exists()
