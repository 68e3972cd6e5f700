"""The command that examines an infant as a clinician would."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Age, Condition, Option, Severity, Sex, condition_options

if TYPE_CHECKING:
    from dmi_sim.assessments.bedside.figure import Examined
    from dmi_sim.infant import Infant

Picture = Annotated[
    Path | None, typer.Option(help="Draw the examination into this file: .png, .svg or .pdf.")
]


def examine(
    age: Age = 6.0,
    condition: Condition = "typical",
    severity: Severity = 0.5,
    sex: Sex = "female",
    option: Option = None,
    picture: Picture = None,
) -> CommandResult:
    """Examine an infant beside the typical infant of its age.

    Pull to sit, ventral suspension, tilted seat, lift at the armpits, scarf sign, popliteal angle
    and pendulum test of the leg.
    """
    from dmi_sim.assessments.bedside.procedure import NOTICE
    from dmi_sim.assessments.bedside.text import as_data
    from dmi_sim.infant import Infant

    if picture is not None:
        _refuse_early(picture)
    options = condition_options(option)
    own = Infant.from_spec(age, sex, condition, severity, options)
    usual = Infant.from_spec(age, sex)
    seen = [_validated(infant) for infant in ([own] if own == usual else [own, usual])]
    if picture is not None:
        _draw(seen, picture)
    who = {"age_months": age, "sex": sex, "condition": condition, "severity": severity}
    data = {
        **who,
        "condition_options": dict(own.config.condition_options),
        "notice": NOTICE,
        "picture": picture,
        "findings": as_data(seen[0].findings),
        "typical": as_data(seen[-1].findings),
    }
    return CommandResult("\n".join([*_table(seen), NOTICE]), data)


def _refuse_early(picture: Path) -> None:
    from dmi_sim.render.plotting import require_format

    require_format(picture)


def _validated(infant: "Infant") -> "Examined":
    from dmi_sim.assessments.bedside.figure import Examined
    from dmi_sim.assessments.bedside.procedure import examine as examination

    return Examined(_title(infant), infant, examination(infant))


def _draw(seen: "Sequence[Examined]", picture: Path) -> None:
    from dmi_sim.assessments.bedside.figure import draw_examinations

    draw_examinations(seen, picture)


def _title(infant: "Infant") -> str:
    config = infant.config
    if config.condition == "typical":
        return "typical"
    return f"{config.condition.replace('_', ' ')}, severity {config.severity:g}"


def _table(seen: "Sequence[Examined]") -> Iterator[str]:
    from dmi_sim.assessments.bedside.text import describe

    columns = [[one.title, *(line.found for line in describe(one.findings))] for one in seen]
    widths = [max(map(len, column)) + 2 for column in columns]
    signs = ["", *(f"{line.test:21} {line.sign}" for line in describe(seen[0].findings))]
    for sign, *found in zip(signs, *columns, strict=True):
        cells = (f"{text:{width}}" for text, width in zip(found, widths, strict=True))
        yield f"{sign:54} {' '.join(cells)}".rstrip()
    yield ""
