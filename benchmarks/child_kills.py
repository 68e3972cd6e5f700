"""Kill a child again and again while it practises or is assessed, and compare the bytes.

``python benchmarks/child_kills.py [--kills 20] [--weeks 2] [--seed 7]`` runs one cell of a small
study of programmes in peace, then again while its process is killed (SIGKILL) at random moments and
begun anew, each time in the folder as it was left. It prints in what the kills fell, and ends with
exit code 1 if a byte of the result differs.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.rollout.compilation import compile_kernels
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.child_cells import CHILD_FOLDER, run_child
from dmi_sim.study.programme_plan import ChildCell, plan_children
from dmi_sim.study.progress import ignore_cell

OWN = {"log.txt", "cell.json"}
"""Files of a cell that hold times of this machine."""
STUDY: dict[str, Any] = {
    "title": "One child",
    "question": "q",
    "background": "b",
    "arms": {
        "dmi": {
            "programme": "dmi",
            "changes": {
                "rest_s": 1,
                "timetable": {
                    "minutes_a_session": 1,
                    "free_play": [
                        {"from_months": 0, "minutes_a_day": 0.2, "shares": {"prone_propping": 1}}
                    ],
                },
            },
        },
        "other": {"programme": "hands_off"},
    },
    "who": {"age_months": 6},
    "children": 1,
    "weeks": 2,
    "practice": {
        "minutes_per_minute": 0.5,
        "training": {"n_steps": 240, "batch_size": 60, "n_epochs": 2, "net_arch": [32, 32]},
    },
    "assessments": {"every_weeks": 1, "trials": 1, "pause_weeks": 1},
    "primary_outcome": {
        "outcome": "score_gain",
        "comparisons": [["dmi", "other"]],
        "equivalence_margin": 0.1,
    },
    "minutes": 1,
}


def cell_of(weeks: int) -> ChildCell:
    """One child under a programme of short sessions."""
    study = ProgrammeStudySpec.model_validate({**STUDY, "weeks": weeks})
    return plan_children("kills", study, Catalog.shipped())[0]


def started(cell: ChildCell, folder: Path) -> "multiprocessing.Process":
    """A process of its own that runs the cell; forked, so that it need not import anything."""
    folder.mkdir(exist_ok=True)
    context: Any = multiprocessing.get_context("fork")
    process = context.Process(target=_run, args=(cell, folder))
    process.start()
    return process


def _run(cell: ChildCell, folder: Path) -> None:
    run_child(cell, folder, ignore_cell, catalog=Catalog.shipped())


def phase(folder: Path) -> str:
    """What the cell does: practise, be assessed, or else begin or end."""
    log, mark = folder / "log.txt", folder / CHILD_FOLDER / "child.json"
    if not log.is_file():
        return "begin or end"
    made = len(list((folder / "work").glob("assessment_*.json")))
    told = sum(line.startswith("assessment") for line in log.read_text().splitlines())
    is_assessed = made == 0 or not mark.is_file() or told == 0
    return "assessment" if is_assessed else "practice or assessment"


def killed_run(
    cell: ChildCell, folder: Path, kills: int, longest_s: float, seed: int
) -> Counter[str]:
    """Run the cell to its end, and kill it on the way; gives in what the kills fell."""
    rng, heard = random.Random(seed), Counter[str]()
    while True:
        process = started(cell, folder)
        if heard.total() < kills:
            process.join(rng.uniform(0, longest_s))
            if process.is_alive() and process.pid is not None:
                what = phase(folder)
                os.kill(process.pid, signal.SIGKILL)
                heard[what] += 1
        process.join()
        if (folder / "cell.json").is_file():
            return heard
        if heard.total() >= kills and process.exitcode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"the cell ended with {process.exitcode}")


def results(folder: Path) -> dict[str, bytes]:
    """All result files of a cell, by path."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in OWN)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Paths of the files that are not the same in both."""
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


def hashes(folder: Path) -> dict[str, str]:
    """The hashes that the mark of a finished cell vouches for."""
    return json.loads((folder / "cell.json").read_text())["files"]


def main() -> int:
    """Run all of it and print what came."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    cell, heard, number, good = cell_of(chosen.weeks), Counter[str](), 0, True
    compile_kernels()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        began = time.monotonic()
        started(cell, home / "peace").join()
        took_s = time.monotonic() - began
        wanted = results(home / "peace")
        print(f"in peace: {took_s:.0f} s, {len(wanted)} files", flush=True)  # noqa: T201
        while heard.total() < chosen.kills:
            folder, left = home / f"killed{number}", chosen.kills - heard.total()
            heard += killed_run(cell, folder, left, took_s / 2, chosen.seed + number)
            odd = differing(wanted, results(folder)) or differing_hashes(home / "peace", folder)
            good &= not odd
            print(f"run {number}, {heard.total()} kills: different: {odd or 'none'}", flush=True)  # noqa: T201
            number += 1
    print(f"{dict(heard)}; equal: {good}")  # noqa: T201
    return 0 if good else 1


def differing_hashes(one: Path, other: Path) -> list[str]:
    """Paths of the files for which the marks of two cells vouch with different hashes."""
    first, second = hashes(one), hashes(other)
    return sorted(path for path in {*first, *second} if first.get(path) != second.get(path))


if __name__ == "__main__":
    sys.exit(main())
