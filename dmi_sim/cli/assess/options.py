"""The options that the commands ``dmi-sim assess ...`` share."""

import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from dmi_sim.cli.options import SEVERITY, age_option, condition_options
from dmi_sim.cli.options import AllowOtherExercise as AllowOtherExercise
from dmi_sim.cli.progress import ProgressUpdate

if TYPE_CHECKING:
    from dmi_sim.training.bundle import Setting

Policy = Annotated[
    str | None,
    typer.Argument(
        metavar="POLICY",
        help="A policy as `evaluate` takes it; reflexes only if none is given.",
    ),
]
Age = Annotated[float | None, age_option("Default: as in training.")]
Sex = Annotated[Literal["female", "male"] | None, typer.Option(help="Sex of the infant.")]
Condition = Annotated[str | None, typer.Option(help="A file in models/conditions/.")]
Severity = Annotated[float | None, SEVERITY]
Figure = Annotated[
    Path | None, typer.Option(help="Draw the finding into this file: .png, .svg or .pdf.")
]
EveryPolicy = Annotated[
    str | None,
    typer.Argument(
        metavar="POLICY",
        help="A policy as `evaluate` takes it, for all these exercises (of a trained one: those "
        "that it practised). Default: of each exercise its own from --policies.",
    ),
]
Policies = Annotated[
    Path | None,
    typer.Option(
        help="Holds policies named <exercise>_<seed>: bundles, .zip or .onnx. Default: the shipped."
    ),
]
Exercises = Annotated[
    str | None, typer.Option(help="Some exercises only, such as sitting,standing.")
]
Table = Annotated[Path | None, typer.Option(help="Write the table into this Markdown file.")]


def settings_of(
    age: float | None,
    sex: str | None,
    condition: str | None,
    severity: float | None,
    option: list[str] | None,
) -> "dict[str, Setting]":
    """Arguments of the environment that were given."""
    given: dict[str, Setting] = {
        "age_months": age,
        "sex": sex,
        "condition": condition,
        "severity": severity,
        "condition_options": cast("Setting", condition_options(option)) or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def infant_title(policy: str | None, settings: "dict[str, Setting]") -> str:
    """Controller and infant, in the words of the command line."""
    infant = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in settings.items())
    return ": ".join(filter(None, [str(policy or "reflexes only"), infant]))


def timed(
    update: ProgressUpdate, clock: Callable[[], float] = time.monotonic
) -> Callable[[float, str], None]:
    """Progress with the time to go, as if the rest went on as the work so far.

    Args:
        update: Callback that receives share, message and time to go [s].
        clock: Function that gives seconds from any origin.
    """
    started_s = clock()

    def on_progress(share: float, words: str) -> None:
        left_s = (clock() - started_s) * (1 - share) / share if share > 0 else None
        update(share, words, left_s)

    return on_progress


def exercises_for(
    policy: str | None, listed: str | None, found: Collection[str] = ()
) -> Sequence[str]:
    """The exercises that are listed; without a list those that a given policy practised, or all.

    Each is taken in the version that was practised.

    Args:
        policy: Policy that acts in all of them, if any.
        listed: Names with commas, if any.
        found: Exercises of the policies that act otherwise.

    Raises:
        InputError: If none are listed and the policy does not tell any.
    """
    from dmi_sim.names import exercises, version_practised
    from dmi_sim.training.library import practised_by, version_for

    if policy is None:
        return [version_practised(name, found) for name in names_in(listed) or exercises()]
    return [version_for(policy, name) for name in names_in(listed)] or practised_by(policy)


def refuse_both(policy: str | None, other: object, option: str) -> None:
    """Refuse a policy beside an option that says which other ones act.

    Raises:
        InputError: Naming both.
    """
    from dmi_sim.errors import InputError

    if policy and other:
        raise InputError(f"{option}: not together with the policy {policy}; leave one out")


def names_in(listed: str | None) -> list[str]:
    """Names from a list with commas.

    >>> names_in("sitting, standing")
    ['sitting', 'standing']
    """
    return [name.strip() for name in (listed or "").split(",") if name.strip()]


def refuse_early(figure: Path | None, table: Path | None) -> None:
    """Refuse files that cannot be written, before any work.

    Raises:
        InputError: Naming the file.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.render.plotting import require_format

    if figure is not None:
        require_format(figure)
    if table is not None and (table.suffix != ".md" or not table.parent.is_dir()):
        raise InputError(f"table: {table} must end in .md, in a folder that exists")


def write_table(table: Path | None, lines: list[str]) -> None:
    """Write lines of Markdown into a file, if one is given."""
    from dmi_sim.files import write_bytes

    if table is not None:
        write_bytes(table, ("\n".join(lines) + "\n").encode())
