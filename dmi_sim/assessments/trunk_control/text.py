"""A segmental assessment as a table and as plain data."""

from collections.abc import Iterator
from dataclasses import asdict

from dmi_sim.assessments.trunk_control.result import (
    CONTROLS,
    NOTICE,
    Control,
    ControlFinding,
    LevelFinding,
    SegmentalFinding,
)
from dmi_sim.tables import columns, framed, page

WIDTH = 100


def segmental_lines(found: SegmentalFinding) -> Iterator[str]:
    """The table of verdicts, and the level at which each kind of control is being learnt."""
    head = ("level", "tested", "hands", *CONTROLS)
    yield page(WIDTH, framed(head, map(_cells, found.levels)))
    for control in CONTROLS:
        yield from columns("<9 <1", [(control, _learning_text(found, control))])
    yield NOTICE


def _learning_text(found: SegmentalFinding, control: Control) -> str:
    """Where a kind of control is being learnt, or that there is no such level."""
    names = {one.level.index: f"{one.level.index}, {one.level.tested}" for one in found.levels}
    level = found.learning_level(control)
    if level is not None:
        return f"being learnt at level {names[level]}"
    return "present at every level tested" if found.is_tested(control) else "not tested"


def _cells(one: LevelFinding) -> tuple[str, ...]:
    controls = (_control_text(one.found[control]) for control in CONTROLS)
    return (f"{one.level.index}", one.level.tested, one.level.hands, *controls)


def _control_text(found: ControlFinding) -> str:
    count = len(found.trials)
    return f"{found.verdict} ({found.passed} of {count})" if count else found.verdict


def segmental_data(found: SegmentalFinding) -> dict[str, object]:
    """The findings as plain data, with every trial behind them."""
    return {
        "notice": NOTICE,
        "learning_level": {control: found.learning_level(control) for control in CONTROLS},
        "levels": [_level_data(one) for one in found.levels],
    }


def _level_data(one: LevelFinding) -> dict[str, object]:
    controls = {control: asdict(one.found[control]) for control in CONTROLS}
    return {**one.level.model_dump(), **controls}
