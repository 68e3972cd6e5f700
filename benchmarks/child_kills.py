"""Kill a child again and again while it practises, and compare the bytes.

``python benchmarks/child_kills.py [--kills 20] [--weeks 2] [--seed 7]`` runs one cell of a small
study of programmes in peace, then again while its process is killed at random moments and begun
anew, each time in the folder as it was left. A timer of the kernel kills it (SIGPROF, which nobody
handles, so nothing is cleaned up) in the first, second or third session from there, once it has
computed in it for at most as long as a session took. So kills are spread over its life, whatever
else the machine does; most of them, and as many as were asked for, fall into the middle of a
session, and the others are told beside them. It prints in what all kills fell and after how many
sessions, and ends with exit code 1 if a byte of the result differs.
"""

import argparse
import ctypes
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.child import state as child_state
from dmi_sim.child.child import Child
from dmi_sim.rollout.compilation import compile_kernels
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.child_cells import run_child
from dmi_sim.study.programme_plan import ChildCell, plan_children
from dmi_sim.study.progress import ignore_cell

OWN = {"log.txt", "cell.json"}
"""Files of a cell that hold times of this machine."""
BETWEEN, THERAPY, PLAY, ASSESSMENT = "between", "therapy", "free_play", "assessment"
DOING = (BETWEEN, THERAPY, PLAY, ASSESSMENT)
"""What a cell does: read, build, save; practise with a therapist; play; be assessed."""
PRACTICE = {THERAPY, PLAY}
_SHORTEST_S = 0.001
"""Shortest time to a kill [s]; a timer of 0 would never ring."""
_WITHIN = 3
"""A kill falls into one of so many sessions from where the child goes on."""
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


@dataclass(frozen=True)
class Watch:
    """What a cell in another process does, in memory that both processes see."""

    place: Any = field(default_factory=lambda: multiprocessing.RawValue(ctypes.c_int, 0))
    """Place in :data:`DOING` of what it does now."""
    spent_s: Any = field(default_factory=lambda: multiprocessing.RawArray(ctypes.c_double, 4))
    """Time that it computed in each so far [s]."""
    times: Any = field(default_factory=lambda: multiprocessing.RawArray(ctypes.c_int, 4))
    """How often it did each to its end."""

    @property
    def doing(self) -> str:
        """What the cell does now."""
        return DOING[self.place.value]

    @contextmanager
    def notes(self, what: str) -> Generator[None]:
        """Note what is done, in the process of the cell."""
        place, began_s = DOING.index(what), time.process_time()
        self.place.value = place
        yield
        self.place.value = DOING.index(BETWEEN)
        self.spent_s[place] += time.process_time() - began_s
        self.times[place] += 1

    def noted(
        self, function: Callable[..., Any], what_of: Callable[[tuple[Any, ...]], str]
    ) -> Callable[..., Any]:
        """A function that notes what is done while it runs."""

        def inner(*args: Any, **kwargs: Any) -> Any:
            with self.notes(what_of(args)):
                return function(*args, **kwargs)

        return inner

    def session_s(self) -> float:
        """Mean time that a session of practice computed [s]."""
        places = [DOING.index(one) for one in PRACTICE]
        return sum(self.spent_s[k] for k in places) / sum(self.times[k] for k in places)

    def told(self) -> str:
        """How often and how long each was done."""
        rows = zip(DOING[1:], self.times[1:], self.spent_s[1:], strict=True)
        return ", ".join(f"{name} {count} times, {spent_s:.1f} s" for name, count, spent_s in rows)


@dataclass(frozen=True)
class Kill:
    """When a cell is killed.

    Attributes:
        session: Session of practice, counted from that with which it goes on, from 0.
        after_s: Time that it computes from the beginning of this session [s].
    """

    session: int
    after_s: float


def started(
    cell: ChildCell, folder: Path, watch: Watch, kill: Kill | None = None
) -> "multiprocessing.Process":
    """A process of its own that runs the cell; forked, so that it need not import anything.

    Args:
        cell: The cell.
        folder: Its folder.
        watch: Is told what it does.
        kill: When it is killed; None to leave it in peace.
    """
    folder.mkdir(exist_ok=True)
    watch.place.value = DOING.index(BETWEEN)
    context: Any = multiprocessing.get_context("fork")
    process = context.Process(target=_run, args=(cell, folder, watch, kill))
    process.start()
    return process


def _run(cell: ChildCell, folder: Path, watch: Watch, kill: Kill | None) -> None:
    """Run a cell that tells what it does; this process is its own, so nothing is put back."""
    practise: Any = child_state.practise
    assess: Any = Child.assess
    watched = watch.noted(practise, lambda given: given[6])
    deadly = watched if kill is None else _timed(watched, kill)
    setattr(child_state, "practise", deadly)  # noqa: B010
    setattr(Child, "assess", watch.noted(assess, lambda _: ASSESSMENT))  # noqa: B010
    run_child(cell, folder, ignore_cell, catalog=Catalog.shipped())


def _timed(function: Callable[..., Any], kill: Kill) -> Callable[..., Any]:
    """A function with one of whose calls the time to the end of the process begins."""
    calls = count()

    def inner(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == kill.session:
            signal.setitimer(signal.ITIMER_PROF, max(kill.after_s, _SHORTEST_S))
        return function(*args, **kwargs)

    return inner


def killed_run(
    cell: ChildCell, folder: Path, kills: int, longest_s: float, seed: int
) -> Counter[str]:
    """Run the cell to its end, and kill it on the way; gives in what the kills fell.

    Args:
        cell: The cell.
        folder: Its folder.
        kills: Kills in practice after which it is left in peace.
        longest_s: Longest time that it computes from the beginning of a session to a kill [s].
        seed: Seed of the moments.
    """
    rng, heard = random.Random(seed), Counter[str]()
    while not (folder / "cell.json").is_file():
        is_hunted, watch = in_practice(heard) < kills, Watch()
        kill = Kill(rng.randrange(_WITHIN), rng.uniform(0, longest_s)) if is_hunted else None
        process = started(cell, folder, watch, kill)
        process.join()
        if process.exitcode == -signal.SIGPROF:
            heard[watch.doing] += 1
            after = len(list(folder.glob("child/diary/*.json")))
            print(f"killed in {watch.doing} after {after} sessions", flush=True)  # noqa: T201
        elif process.exitcode != 0:
            raise RuntimeError(f"the cell ended with {process.exitcode}")
    return heard


def in_practice(heard: Counter[str]) -> int:
    """How many kills fell into practice."""
    return sum(heard[one] for one in PRACTICE)


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
    Child.from_spec(age_months=6)  # so that no process has to import and settle all that again
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home, watch = Path(name), Watch()
        started(cell, home / "peace", watch).join()
        wanted = results(home / "peace")
        print(f"in peace: {len(wanted)} files; {watch.told()}", flush=True)  # noqa: T201
        while in_practice(heard) < chosen.kills:
            folder, left = home / f"killed{number}", chosen.kills - in_practice(heard)
            heard += killed_run(cell, folder, left, watch.session_s(), chosen.seed + number)
            odd = differing(wanted, results(folder)) or differing_hashes(home / "peace", folder)
            good &= not odd
            told = f"{in_practice(heard)} kills in practice of {heard.total()}"
            print(f"run {number}, {told}: different: {odd or 'none'}", flush=True)  # noqa: T201
            number += 1
    print(f"{ {what: heard[what] for what in DOING} }; equal: {good}")  # noqa: T201
    return 0 if good else 1


def differing_hashes(one: Path, other: Path) -> list[str]:
    """Paths of the files for which the marks of two cells vouch with different hashes."""
    first, second = hashes(one), hashes(other)
    return sorted(path for path in {*first, *second} if first.get(path) != second.get(path))


if __name__ == "__main__":
    sys.exit(main())
