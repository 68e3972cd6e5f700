"""The finding of a segmental assessment as a table and as plain data."""

from collections.abc import Iterator
from dataclasses import asdict
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

from dmi_sim.assessments.trunk_control.examiner import CONTROLS, ControlFinding
from dmi_sim.assessments.trunk_control.procedure import SegmentalFinding


def segmental_lines(found: SegmentalFinding) -> Iterator[str]:
    """The finding at each level, and the level at which each kind of control is being learnt."""
    yield _table(found)
    yield from _summary(found)


def segmental_data(found: SegmentalFinding) -> dict[str, object]:
    levels = [
        {**one.level.model_dump(), **{control: asdict(one.found[control]) for control in CONTROLS}}
        for one in found.levels
    ]
    learning = {control: found.learning_level(control) for control in CONTROLS}
    return {"learning_level": learning, "levels": levels}


def _table(found: SegmentalFinding) -> str:
    """Levels as rows, kinds of control as columns."""
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("level", "tested", "hands", *CONTROLS):
        table.add_column(name)
    for one in found.levels:
        level = one.level
        cells = (_cell(one.found[control]) for control in CONTROLS)
        table.add_row(str(level.index), level.tested, level.hands, *cells)
    page = StringIO()
    Console(file=page, width=100).print(table)
    return page.getvalue().rstrip()


def _cell(found: ControlFinding) -> str:
    count = len(found.trials)
    return f"{found.verdict} ({found.passed} of {count})" if count else found.verdict


def _summary(found: SegmentalFinding) -> Iterator[str]:
    """The level at which each kind of control is being learnt."""
    names = {one.level.index: f"{one.level.index}, {one.level.tested}" for one in found.levels}
    for control in CONTROLS:
        level = found.learning_level(control)
        yield f"{control:9} being learnt at level {names.get(level, f'{level}: none absent')}"
