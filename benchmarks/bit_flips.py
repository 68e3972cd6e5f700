"""Flip single bits in each kind of file of a run and of a bundle: is all that changes told?

``python benchmarks/bit_flips.py [--flips 300] [--run RUN] [--bundle BUNDLE]`` flips random bits,
one at a time, and reads everything again. Without a run it makes a small one, with films and a
report. A flip is *caught* if reading refuses and names the file, or names it and leaves its cell
out; *harmless* if nothing is told and every number is as before; *silent* if a number changed or
went and nothing was said. If any is silent, it ends with exit code 1.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from dmi_sim.errors import InputError
from dmi_sim.report.tables import RunTables, has_replay, read_replay, read_run
from dmi_sim.study.run import prepare, run_prepared
from dmi_sim.study.run_setup import RunOptions
from dmi_sim.study.store import read_summary
from dmi_sim.study.tables import UnreadableTable
from dmi_sim.study.verify import verify
from dmi_sim.tables import columns
from dmi_sim.training.bundle import MANIFEST, read_beside, read_bundle_manifest, read_policy
from dmi_sim.training.library import policy_folder

Finding: TypeAlias = Literal["caught", "harmless", "silent"]
FINDINGS: tuple[Finding, ...] = ("caught", "harmless", "silent")
REPLAYS = ("replay", "replay_supported")


@dataclass(frozen=True)
class Told:
    """All that a run or a bundle tells.

    Attributes:
        numbers: Numbers by what they belong to; a damaged cell has none.
        problems: What is said to be damaged.
    """

    numbers: Mapping[str, str]
    problems: tuple[str, ...] = ()


def told_by_run(run: Path) -> Told:
    """Rows and films of each whole cell, the summary and the manifest, and what is damaged.

    Raises:
        InputError: If nothing of it can be trusted.
    """
    tables, found = read_run(run), verify(run)
    numbers = {key: _cell_numbers(tables, key) for key in tables.records}
    numbers["manifest"] = repr(tables.manifest)
    problems = [*found.problems, *tables.skipped]
    try:
        numbers["summary"] = repr(read_summary(run))
    except UnreadableTable as finding:
        problems.append(str(finding))
    return Told(numbers, tuple(problems))


def _cell_numbers(tables: RunTables, key: str) -> str:
    rows = [row for row in (*tables.tests, *tables.training) if row["cell"] == key]
    films = [
        {name: array.tobytes() for name, array in vars(film).items() if hasattr(array, "tobytes")}
        for name in REPLAYS
        if has_replay(tables, key, name)
        for film in [read_replay(tables, key, name)[0]]
    ]
    return repr((tables.records[key], rows, films))


def told_by_bundle(bundle: Path) -> Told:
    """The manifest of a bundle, its policy and the files beside.

    Raises:
        InputError: If it is damaged.
    """
    manifest = read_bundle_manifest(bundle)
    beside = {name: repr(read_beside(bundle, name)) for name in manifest.files_sha256}
    return Told(
        {**beside, MANIFEST: repr(manifest), "policy": repr(read_policy(bundle).to_bytes())}
    )


def kinds_in(folder: Path) -> dict[str, list[Path]]:
    """All files of a folder by kind: its path, in whichever cell it lies."""
    kinds: dict[str, list[Path]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        parts = path.relative_to(folder).parts
        kind = ("cells", "*", *parts[2:]) if parts[0] == "cells" else parts
        kinds.setdefault("/".join(kind), []).append(path)
    return kinds


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


def finding(tell: Callable[[Path], Told], folder: Path, path: Path, whole: Told) -> Finding:
    """What becomes of a folder in which one file has a wrong bit.

    A number that differs is silent even if some other damage is told.
    """
    try:
        now = tell(folder)
    except InputError as refusal:
        return "caught" if path.name in str(refusal) else "silent"
    is_named = any(path.name in problem for problem in now.problems)
    if any(now.numbers[name] != whole.numbers.get(name) for name in now.numbers):
        return "silent"
    is_complete = now.numbers.keys() == whole.numbers.keys()
    return "caught" if is_named else "harmless" if is_complete else "silent"


def flip_all(
    tell: Callable[[Path], Told], folder: Path, flips: int, rng: random.Random
) -> dict[str, Counter[Finding]]:
    """Findings by kind of file, each kind with so many flips over all of its files."""
    whole, found = tell(folder), dict[str, Counter[Finding]]()
    for kind, paths in kinds_in(folder).items():
        heard = found[kind] = Counter[Finding]()
        while heard.total() < flips:
            path = rng.choice(paths)
            with flipped(path, rng.randrange(8 * path.stat().st_size)):
                heard[finding(tell, folder, path, whole)] += 1
    assert tell(folder) == whole
    return found


def small_run(folder: Path) -> Path:
    """A finished run of one infant in two arms, with films and a report."""
    from dmi_sim.catalog import Catalog, override
    from dmi_sim.report.html import write_report
    from dmi_sim.spec.study import StudySpec
    from dmi_sim.study.executors.base import ExecutorConfig

    settings = (
        "seeds=1",
        "arms={pelvis: {support: pelvis}, none: {support: none}}",
        "primary_outcome.comparisons=[[pelvis, none]]",
        "dose={training_steps: 1, evaluations: 2}",
        "test.episodes=1",
    )
    catalog, inline = Catalog.shipped(), ExecutorConfig("inline")
    study = override(catalog.load(StudySpec, "site_in_sitting"), settings)
    run = prepare("flips", study, RunOptions(config=inline, folder=folder), catalog)
    run_prepared(run, inline, catalog)
    write_report(folder)
    return folder


def table(title: str, found: Mapping[str, Counter[Finding]]) -> str:
    """What became of the flips in each kind of file, a row per kind."""
    rows = [(kind, *(str(heard[one]) for one in FINDINGS)) for kind, heard in found.items()]
    width = max(len(row[0]) for row in rows)
    return "\n".join(columns(f"<{width} >8 >9 >7", [(title, *FINDINGS), *rows]))


def main() -> int:
    """Flip bits in a run and in a bundle, and print what was told."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--flips", type=int, default=300)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--bundle", default="sitting_0")
    chosen = parser.parse_args()
    rng, silent = random.Random(20), 0
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run = _copied(chosen.run, work / "run") if chosen.run else small_run(work / "run")
        bundle = _copied(policy_folder(chosen.bundle), work / "bundle")
        for title, tell, folder in (("run", told_by_run, run), ("bundle", told_by_bundle, bundle)):
            found = flip_all(tell, folder, chosen.flips, rng)
            print(table(title, found), flush=True)  # noqa: T201
            silent += sum(heard["silent"] for heard in found.values())
    print(f"numbers that changed in silence: {silent}")  # noqa: T201
    return 1 if silent else 0


def _copied(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))


if __name__ == "__main__":
    sys.exit(main())
