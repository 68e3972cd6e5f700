"""The results of the benchmark as tables and lines of text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from dmi_sim.benchmark.exercises import ExerciseSpeed
from dmi_sim.benchmark.speed import PEER, Machine, SpeedReport
from dmi_sim.benchmark.timing import BulletShare, Throughput
from dmi_sim.benchmark.training import TESTS, WANTED, LearningTime
from dmi_sim.tables import framed, page

if TYPE_CHECKING:
    from rich.table import Table

WIDTH, FIRST_COLUMN = 110, 21

THROUGHPUT = (
    "simulated s\nper wall s",
    "slowest, fastest",
    f"times\n{PEER}",
    "contact\npoints",
    "us per physics step,\nall in",
)
BULLET = (
    "in World.advance\n(physics)",
    "in Bullet",
    "in stepSimulation",
    "Bullet of\nphysics",
    "Bullet of\neverything",
)
EXERCISE = (
    "simulated s\nper wall s",
    "slowest, fastest",
    "times the\npeer",
    "by time of\ncomputing",
    "contact\npoints",
    "us per\nphysics step",
)
AIM_RATIO, AIM_INSIDE, AIM_RESET_MS, AIM_BUILD_S = 1.5, 0.75, 1.0, 0.5
"""Aims on one core: least ratio to the peer and share in PyBullet, longest reset and build."""
AIM_OF_EXERCISES = 1.0
"""Aim for every exercise: least ratio to the peer, by time of computing."""


def speed_table(report: SpeedReport) -> str:
    """The whole report, as tables and lines."""
    return page(WIDTH, *_tables(report), "\n".join(_lines(report)))


def _tables(report: SpeedReport) -> "Iterator[Table]":
    ratios = report.ratio_to_peer
    throughputs = {name: _throughput(one, ratios.get(name)) for name, one in report.paces.items()}
    bullet = {name: _bullet(one.bullet) for name, one in report.paces.items() if one.bullet}
    yield _table("Speed on one core", THROUGHPUT, throughputs)
    yield _table("Where each physics step goes, in microseconds", BULLET, bullet)
    if report.exercises:
        rows = {_name(one): _exercise(one) for one in report.exercises}
        yield _table(f"Exercises, each in turn with {PEER}", EXERCISE, rows)


def _table(title: str, head: tuple[str, ...], rows: Mapping[str, Iterable[str]]) -> "Table":
    cells = [(name, *own) for name, own in rows.items()]
    return framed(("", *head), cells, title=title, first_width=FIRST_COLUMN)


def _throughput(one: Throughput, ratio: float | None) -> Iterator[str]:
    yield f"{one.sim_s_per_wall_s:.1f}"
    yield f"{one.slowest:.1f}, {one.fastest:.1f}"
    yield "" if ratio is None else f"{ratio:.2f}"
    yield f"{one.contact_points:.1f}"
    yield f"{one.physics_step_us:.0f}"


def _name(one: ExerciseSpeed) -> str:
    return one.exercise if one.support == "none" else f"{one.exercise}, {one.support}"


def _exercise(one: ExerciseSpeed) -> Iterator[str]:
    yield f"{one.pace.sim_s_per_wall_s:.1f}"
    yield f"{one.pace.slowest:.1f}, {one.pace.fastest:.1f}"
    yield f"{one.ratio_to_peer:.2f}"
    yield f"{one.ratio_to_peer_cpu:.2f}"
    yield f"{one.pace.contact_points:.1f}"
    yield f"{one.pace.physics_step_us:.0f}"


def _bullet(share: BulletShare) -> Iterator[str]:
    yield f"{share.physics_us:.0f}"
    yield f"{share.all_calls_us:.0f}"
    yield f"{share.step_simulation_us:.0f}"
    yield f"{share.of_physics:.0%}"
    yield f"{share.of_everything:.0%}"


def _lines(report: SpeedReport) -> Iterator[str]:
    sitting = report.paces["sitting"]
    by_cpu = report.ratio_to_peer_cpu["sitting"]
    ratio = report.ratio_to_peer["sitting"]
    yield (
        f"sitting against {PEER}: {ratio:.2f} times by the wall clock, {by_cpu:.2f} by time of "
        f"computing (aim: at least {AIM_RATIO})"
    )
    if sitting.bullet is not None:
        yield (
            f"inside Bullet while sitting: {sitting.bullet.of_physics:.0%} of the physics, "
            f"{sitting.bullet.of_everything:.0%} of the whole control step, stepSimulation alone "
            f"{sitting.bullet.step_simulation:.0%} (aim: at least {AIM_INSIDE:.0%})"
        )
    if report.exercises:
        yield _slow(report.exercises)
    yield f"reset: {report.reset_ms:.2f} ms (aim: under {AIM_RESET_MS:g} ms)"
    yield f"build: {report.build_s:.2f} s (aim: under {AIM_BUILD_S:g} s)"
    yield from map(_learned, report.training)
    yield from _where_measured(report.machine)


def _slow(exercises: Iterable[ExerciseSpeed]) -> str:
    slow = [one for one in exercises if one.ratio_to_peer_cpu < AIM_OF_EXERCISES]
    listed = "; ".join(f"{_name(one)} {one.ratio_to_peer_cpu:.2f}" for one in slow)
    return f"exercises below {AIM_OF_EXERCISES:.1f} times {PEER} by time of computing: " + (
        listed or "none"
    )


def _learned(time: LearningTime) -> str:
    aim = (
        f"{time.action_mode}: {time.episode_s:g} s of unsupported sitting on {WANTED} of {TESTS} "
        "unseen seeds"
    )
    dose = f"{time.control_steps} control steps ({time.dose_h:.1f} h of training)"
    verdict = "after" if time.is_learned else "not within"
    return (
        f"{aim}: {verdict} {dose}, {time.wall_s:.0f} s on one core; "
        f"{time.upright_s:.1f} s at the end"
    )


def _where_measured(machine: Machine) -> Iterator[str]:
    yield f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}"
    yield ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    yield "Medians of interleaved blocks; resets are timed apart."
