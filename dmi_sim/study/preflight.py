"""Try all that the cells of a plan will do, before anything is written.

Each problem is one line with the field of the study file that asks for too much, and what the
exercise allows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.provenance import fingerprint
from dmi_sim.spec.support_schedule import SupportScheduleFile
from dmi_sim.study.plan import Cell, TransferTest
from dmi_sim.study.transfer import transfer_differences

if TYPE_CHECKING:
    from dmi_sim.env.config import EnvBuild


def preflight(cells: Sequence[Cell], catalog: Catalog) -> None:
    """Check that every cell can run: its infant, its practice and each kind of its tests.

    Args:
        cells: Cells of a plan.
        catalog: Source of the files of infants, exercise and supports.

    Raises:
        InputError: With one line for each thing that some cell could not do.
    """
    different = {
        fingerprint(
            [cell.exercise, cell.env_arguments, [asdict(test) for test in cell.test_rounds]]
        ): cell
        for cell in cells
    }
    problems = [line for cell in different.values() for line in cell_problems(cell, catalog)]
    if problems:
        raise InputError(*dict.fromkeys(problems))


def cell_problems(cell: Cell, catalog: Catalog) -> Iterator[str]:
    """What a cell could not do: ``field: reason``, with a field of the study file.

    Args:
        cell: A cell of a plan.
        catalog: Source of the files of infant, exercise and supports.
    """
    from dmi_sim.env.config import EnvConfig, build_env

    arguments: dict[str, Any] = {**cell.env_arguments}
    for practised in ("support", "support_strength", "pushes"):
        del arguments[practised]
    try:
        build = build_env(EnvConfig(cell.exercise, **arguments), catalog)
    except InputError as error:
        yield from (f"conditions ({cell.subject.kind}): {line}" for line in error.problems)
        return
    yield from _support_problems(cell, build)
    yield from _push_problems(cell, build)
    yield from _test_support_problems("test.supports", cell.schedule.test_supports, build)
    for test in cell.schedule.transfer:
        yield from (f"test.transfer: {line}" for line in _transfer_problems(cell, test, build))


def _support_problems(cell: Cell, build: "EnvBuild") -> Iterator[str]:
    """Whether the exercise offers the support in which the infant practises."""
    arm, offered = cell.arm_spec, build.spec.supports
    if isinstance(arm.support, str) and not _is_known(arm.support, build):
        allowed = f"{cell.exercise} allows {', '.join(offered)}"
        hint = did_you_mean(arm.support, offered)
        nearest = f"; {hint}" if hint.endswith("?") else ""
        yield f"arms.{cell.arm}.support: no '{arm.support}'; {allowed}{nearest}"
        return
    try:
        build.support(arm.support, arm.support_strength)
    except InputError as error:
        yield from (f"arms.{cell.arm}.{line}" for line in error.problems)


def _is_known(name: str, build: "EnvBuild") -> bool:
    """Whether a name is a support of the exercise or a schedule."""
    return name in (*build.spec.supports, *build.catalog.names(SupportScheduleFile))


def _push_problems(cell: Cell, build: "EnvBuild") -> Iterator[str]:
    """Whether the exercise has the pushes of practice and tests."""
    if build.spec.pushes is not None:
        return
    reason = f"envs/{cell.exercise}.yaml has no pushes; write"
    if cell.schedule.training_pushes:
        yield f"dose.pushes: {reason} dose.pushes: false"
    if True in cell.schedule.test_pushes:
        yield f"test.pushes: {reason} test.pushes: [false] and primary_outcome.pushed: false"


def _test_support_problems(field: str, supports: Sequence[str], build: "EnvBuild") -> Iterator[str]:
    """Whether an exercise offers the hands in which infants are tested."""
    offered = build.spec.supports
    for support in supports:
        if support not in offered:
            allowed = f"{build.config.exercise} allows {', '.join(offered)}"
            yield f"{field}: no '{support}'; {allowed}"


def _transfer_problems(cell: Cell, test: TransferTest, practised: "EnvBuild") -> Iterator[str]:
    """Whether infants can be tested in an exercise that they have not practised."""
    from dmi_sim.env.config import EnvConfig, build_env

    arguments: dict[str, Any] = {**cell.infant_arguments}
    try:
        build = build_env(EnvConfig(test.exercise, **arguments), practised.catalog)
    except InputError as error:
        yield from error.problems
        return
    if not test.pushes:
        yield f"envs/{test.exercise}.yaml has no pushes; write test.pushes: [true, false]"
    yield from _test_support_problems(test.exercise, test.supports, build)
    lines = transfer_differences(practised, build)
    yield from (
        f"infants who practise {cell.exercise} cannot do {test.exercise}: {line}" for line in lines
    )
