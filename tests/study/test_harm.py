"""No bit that flips, and no moment at which a disk fills or a process dies, changes a number."""

import errno
import random
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dmi_sim import files
from dmi_sim.errors import InputError
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.study.cell_files import LOG
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.run import run_cells
from dmi_sim.study.run_setup import Run
from dmi_sim.study.store import committed, read_manifest, vouch_for_outputs
from dmi_sim.study.verify import verify
from tests.report.fakes import fake_run
from tests.study.fake_cells import quick_cell, run_at

INLINE = ExecutorConfig("inline")
OUTPUTS = ("report.html",)
"""Files that are made from the cells and never read again."""
FLIPS = 25
"""Bits that flip in each kind of file."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with films and a report."""
    folder = fake_run(tmp_path_factory.mktemp("whole") / "run")
    (folder / "report.html").write_text("the report says 1.2 s")
    vouch_for_outputs(folder)
    return folder


def kinds_in(run: Path) -> dict[str, Path]:
    """One file of each kind that a run holds: by its name, and whether it belongs to a cell."""
    paths = sorted(path for path in run.rglob("*") if path.is_file() and path.name != LOG)
    return {f"{len(path.relative_to(run).parts)} {path.name}": path for path in paths}


@contextmanager
def flipped(path: Path, bit: int) -> Generator[None]:
    """A file with one bit the other way, for a while."""
    data = path.read_bytes()
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)
    try:
        yield
    finally:
        path.write_bytes(data)


def numbers(run: RunTables) -> str:
    """All that a report is made from, with NaN equal to NaN."""
    return repr((run.records, run.tests, run.training, run.manifest))


def test_no_flipped_bit_changes_a_number_in_silence(whole: Path) -> None:
    rng, before = random.Random(20), numbers(read_run(whole))
    kinds = kinds_in(whole)
    assert len(kinds) >= 8
    for kind, path in kinds.items():
        for bit in rng.sample(range(8 * path.stat().st_size), FLIPS):
            with flipped(path, bit):
                found = verify(whole)
                assert not found.is_whole, f"{kind}: bit {bit} is not noticed"
                assert any(path.name in line for line in found.problems), kind
                assert_told_or_equal(whole, path, before)
    assert verify(whole).is_whole


def assert_told_or_equal(run: Path, path: Path, before: str) -> None:
    """Read a run again: it refuses, or names the file and leaves its cell out, or is as before."""
    try:
        tables = read_run(run)
    except InputError as refusal:
        told = str(refusal)
    else:
        told = "".join(tables.skipped)
        is_of_a_cell = path.relative_to(run).parts[0] == "cells"
        assert len(tables.records) == len(tables.manifest.cells) - is_of_a_cell
        assert is_of_a_cell or numbers(tables) == before
    assert path.name in told or path.name in OUTPUTS


class Died(BaseException):
    """The end of a process at a certain write; nothing after it is written either."""


def full_disk(_: str) -> Exception:
    return OSError(errno.ENOSPC, "No space left on device")


def death(_: str) -> BaseException:
    return Died()


class Writes:
    """Counts the files that are written whole, and fails from the one with a number on.

    Args:
        fails_from: Number of the first write that fails, from 0.
        failure: Makes the error of a write.
        is_late: Whether the file itself is still written, and then the process ends.
    """

    def __init__(
        self, fails_from: float, failure: Callable[[str], BaseException], *, is_late: bool
    ) -> None:
        self.count = 0
        self._fails_from, self._failure, self._is_late = fails_from, failure, is_late
        self._write: Any = files.atomic_write

    @contextmanager
    def atomic_write(self, path: Path) -> Generator[Path]:
        number, self.count = self.count, self.count + 1
        if number > self._fails_from or (number == self._fails_from and not self._is_late):
            raise self._failure(path.name)
        with self._write(path) as temporary:
            yield temporary
        if number == self._fails_from:
            raise self._failure(path.name)


def run_until_it_fails(run: Run, writes: Writes, patch: pytest.MonkeyPatch) -> None:
    with patch.context() as during:
        during.setattr("dmi_sim.files.atomic_write", writes.atomic_write)
        during.setattr("dmi_sim.study.tables.atomic_write", writes.atomic_write)
        try:
            run_cells(run, INLINE, quick_cell)
        except (Died, OSError):
            return


def results_of(run: Path) -> dict[str, bytes]:
    names = ("episodes.parquet", "training.parquet")
    cells = {f"{c.name}/{name}": (c / name).read_bytes() for c in committed(run) for name in names}
    return cells | {"summary.parquet": (run / "summary.parquet").read_bytes()}


@pytest.mark.parametrize("failure", [full_disk, death])
@pytest.mark.parametrize("is_late", [False, True], ids=["before", "after"])
def test_a_run_that_ends_at_any_of_its_writes_goes_on_to_the_same_bytes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Callable[[str], BaseException],
    is_late: bool,
) -> None:
    """A disk that is full from some write on, and gets room again; a process that dies there."""
    undisturbed = Writes(float("inf"), failure, is_late=False)
    reference = run_at(tmp_path, "reference")
    run_until_it_fails(reference, undisturbed, monkeypatch)
    wanted = results_of(reference.folder)
    step = max(1, undisturbed.count // 8)
    for number in range(0, undisturbed.count, step):
        run = run_at(tmp_path, f"run{number}")
        run_until_it_fails(run, Writes(number, failure, is_late=is_late), monkeypatch)
        assert verify(run.folder).is_whole, f"write {number}"
        again = run_cells(run_at(tmp_path, f"run{number}", resume=True), INLINE, quick_cell)
        assert again.complete
        assert again.discarded == ()
        assert results_of(run.folder) == wanted
        assert read_manifest(run.folder).status == "done"
