"""The benchmark as a table for people."""

from collections.abc import Iterator
from io import StringIO

from dmi_sim.bench.blocks import Pace
from dmi_sim.bench.learning import TESTS, WANTED, LearningTime
from dmi_sim.bench.speed import PEER, Machine, SpeedReport

WIDTH = 118
AIM_RATIO, AIM_INSIDE, AIM_RESET_MS, AIM_BUILD_S = 1.5, 0.75, 1.0, 0.5
"""What the project wants on one core: at least, at least, at most, at most."""


def speed_table(report: SpeedReport) -> str:
    """All that a report says.

    Args:
        report: What was measured.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Speed on one core", caption=_caption(report.machine))
    table.add_column("", no_wrap=True)
    for head in ("simulated s\nper wall s", "slowest,\nfastest", f"times\n{PEER}"):
        table.add_column(head, justify="right")
    for head in (
        "contact\npoints",
        "us per\nphysics step",
        "of it in\nstepSimulation",
        "in Bullet",
    ):
        table.add_column(head, justify="right")
    for name, one in report.paces.items():
        table.add_row(name, *_cells(one, report.ratio_to_peer.get(name)))
    text = StringIO()
    console = Console(file=text, width=WIDTH, highlight=False)
    console.print(table)
    console.print("\n".join(_lines(report)))
    return text.getvalue().rstrip()


def _cells(one: Pace, ratio: float | None) -> Iterator[str]:
    yield f"{one.sim_s_per_wall_s:.1f}"
    yield f"{one.slowest:.1f}, {one.fastest:.1f}"
    yield "" if ratio is None else f"{ratio:.2f}"
    yield f"{one.contact_points:.1f}"
    yield f"{one.physics_step_us:.0f}"
    if one.bullet is not None:
        yield f"{one.bullet.step_simulation_us:.0f} us, {one.bullet.step_simulation:.0%}"
        yield f"{one.bullet.all_calls_us:.0f} us, {one.bullet.all_calls:.0%}"


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
            f"inside Bullet while sitting: {sitting.bullet.all_calls:.0%}, of it stepSimulation "
            f"{sitting.bullet.step_simulation:.0%} (aim: at least {AIM_INSIDE:.0%})"
        )
    yield f"reset: {report.reset_ms:.2f} ms (aim: under {AIM_RESET_MS:g} ms)"
    yield f"build: {report.build_s:.2f} s (aim: under {AIM_BUILD_S:g} s)"
    if report.learning is not None:
        yield _learned(report.learning)


def _learned(time: LearningTime) -> str:
    what = f"{time.episode_s:g} s of unsupported sitting on {WANTED} of {TESTS} unseen seeds"
    practice = f"{time.control_steps} control steps ({time.practice_h:.1f} h of practice)"
    verdict = "after" if time.is_learned else "not within"
    return f"{what}: {verdict} {practice}, {time.wall_s:.0f} s on one core"


def _caption(machine: Machine) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    where = f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}"
    return f"{where}\n{versions}\nMedians of interleaved blocks, resets not included."
