"""The results of the benchmark as tables and lines of text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from dmi_sim.benchmark.cases import PEER
from dmi_sim.benchmark.exercises import ExerciseSpeed
from dmi_sim.benchmark.practice import PracticeSpeed
from dmi_sim.benchmark.speed import Machine, SpeedReport, case_name
from dmi_sim.benchmark.timing import Pace
from dmi_sim.benchmark.training import TESTS, WANTED, LearningTime
from dmi_sim.tables import framed, page, percent

if TYPE_CHECKING:
    from rich.table import Table

WIDTH, FIRST_COLUMN = 110, 25

EXERCISE = (
    "steps\nper s",
    "slowest,\nfastest",
    "times\nthe peer",
    "limit:\nBullet alone",
    "inside\nBullet",
    "us a tick:\nBullet, all",
    "contact\npoints",
)
PRACTICE = ("steps per s", "times the peer")
AIM_RESET_MS, AIM_BUILD_S = 1.0, 0.5
"""Longest reset and build that are aimed at."""


def speed_table(report: SpeedReport) -> str:
    """The whole report, as tables and lines."""
    return page(WIDTH, *_tables(report), "\n".join(_lines(report)))


def _tables(report: SpeedReport) -> "Iterator[Table]":
    exercises = {case_name(one): _exercise(one) for one in report.exercises}
    title = "Control steps per second of computing, in one thread"
    yield _table(title, EXERCISE, {**exercises, PEER: _peer(report.peer)})
    practice = {case_name(one): _practice(one) for one in report.practice}
    yield _table("Practice, learning included", PRACTICE, practice)


def _table(title: str, head: tuple[str, ...], rows: Mapping[str, Iterable[str]]) -> "Table":
    cells = [(name, *own) for name, own in rows.items()]
    return framed(("", *head), cells, title=title, first_width=FIRST_COLUMN)


def _exercise(one: ExerciseSpeed) -> Iterator[str]:
    yield from _rates(one.pace)
    yield f"{one.ratio_to_peer:.2f}"
    yield f"{one.limit:.2f}"
    yield percent(one.bullet_share)
    yield f"{one.bullet_step_us:.1f}, {one.pace.physics_step_us:.1f}"
    yield f"{one.pace.contact_points:.1f}"


def _peer(peer: Pace) -> Iterator[str]:
    yield from _rates(peer)
    yield from ("1", "", "", f"{peer.physics_step_us:.1f}", f"{peer.contact_points:.1f}")


def _rates(pace: Pace) -> Iterator[str]:
    yield f"{pace.steps_per_s:.0f}"
    yield f"{pace.slowest:.0f}, {pace.fastest:.0f}"


def _practice(one: PracticeSpeed) -> Iterator[str]:
    yield f"{one.steps_per_s:.0f}"
    yield f"{one.ratio_to_peer:.2f}"


def _lines(report: SpeedReport) -> Iterator[str]:
    if report.worker is not None:
        yield (
            f"a worker that practises and tests: {report.worker.own_mib:.0f} MiB of its own (PSS), "
            f"{report.worker.resident_mib:.0f} MiB resident (RSS)"
        )
    yield f"reset: {report.reset_ms:.2f} ms (aim: under {AIM_RESET_MS:g} ms)"
    yield f"build: {report.build_s:.2f} s (aim: under {AIM_BUILD_S:g} s)"
    yield from map(_learned, report.training)
    yield from _where_measured(report.machine, report.peer)


def _learned(time: LearningTime) -> str:
    aim = (
        f"{time.action_mode}: {time.episode_s:g} s of unsupported sitting on {WANTED} of {TESTS} "
        "unseen seeds"
    )
    dose = f"{time.control_steps} control steps ({time.dose_h:.1f} h of training)"
    verdict = "after" if time.is_learned else "not within"
    return (
        f"{aim}: {verdict} {dose}, {time.cpu_s:.0f} s of computing; "
        f"{time.upright_s:.1f} s at the end"
    )


def _where_measured(machine: Machine, peer: Pace) -> Iterator[str]:
    yield f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}"
    yield ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    yield (
        "Medians of interleaved blocks of random actions of full range; resets are not counted. "
        f"Times the peer, {PEER}: simulated time per time of computing, where one of its steps is "
        f"{1e3 / peer.control_hz:.0f} ms and one of an infant mostly 33 ms."
    )
