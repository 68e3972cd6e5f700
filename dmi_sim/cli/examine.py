"""The command that examines an infant as a clinician would."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dmi_sim.cli.console import Answer

if TYPE_CHECKING:
    from dmi_sim.bedside.examine import Findings
    from dmi_sim.infant import Infant
    from dmi_sim.report.examination import Examined

Age = Annotated[float, typer.Option(help="In months since birth, 0 to 24.")]
OfSex = Annotated[Literal["female", "male"], typer.Option("--sex", help="Of the infant.")]
Condition = Annotated[str, typer.Option(help="A file in models/conditions/.")]
Severity = Annotated[float, typer.Option(help="Of the condition, 0 to 1.")]
Option = Annotated[
    list[str] | None,
    typer.Option("--option", help="A choice of the condition as name=value; may be repeated."),
]
Picture = Annotated[
    Path | None, typer.Option(help="Draw the examination into this file: .png, .svg or .pdf.")
]


def examine(
    age: Age = 6.0,
    condition: Condition = "typical",
    severity: Severity = 0.5,
    sex: OfSex = "female",
    option: Option = None,
    picture: Picture = None,
) -> Answer:
    """Examine an infant beside the typical infant of its age.

    Pull to sit, ventral suspension, tilted seat, lift at the armpits, scarf sign, popliteal angle
    and pendulum test of the leg.
    """
    from dmi_sim.bedside.examine import NOTICE
    from dmi_sim.bedside.words import as_data
    from dmi_sim.infant import Infant

    if picture is not None:
        _refuse_early(picture)
    options = dict(map(_setting, option or ()))
    own = Infant.from_spec(age, sex, condition, severity, options)
    both = [_examined(own), _examined(Infant.from_spec(age, sex))]
    if picture is not None:
        _draw(both, picture)
    first, usual = (one.findings for one in both)
    who = {"age_months": age, "sex": sex, "condition": condition, "severity": severity}
    data = {
        **who,
        "condition_options": dict(own.traits.condition_options),
        "notice": NOTICE,
        "picture": picture,
        "findings": as_data(first),
        "typical": as_data(usual),
    }
    return Answer("\n".join([*_table([one.title for one in both], first, usual), NOTICE]), data)


def _refuse_early(picture: Path) -> None:
    from dmi_sim.report.demands import require_format

    require_format(picture)


def _setting(text: str) -> tuple[str, object]:
    from dmi_sim.catalog import parse_yaml
    from dmi_sim.errors import InputError

    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--option {text}: write it as name=value")
    return name.strip(), parse_yaml(value, f"--option {name}")


def _examined(infant: "Infant") -> "Examined":
    from dmi_sim.bedside.examine import examine as examination
    from dmi_sim.report.examination import Examined

    return Examined(_title(infant), infant, examination(infant))


def _draw(both: "Sequence[Examined]", picture: Path) -> None:
    from dmi_sim.report.examination import draw_examinations

    draw_examinations(both, picture)


def _title(infant: "Infant") -> str:
    traits = infant.traits
    if traits.condition == "typical":
        return "typical"
    return f"{traits.condition.replace('_', ' ')}, severity {traits.severity:g}"


def _table(titles: Sequence[str], own: "Findings", usual: "Findings") -> Iterator[str]:
    from dmi_sim.bedside.words import describe

    lines = describe(own)
    width = max(len(titles[0]), *(len(line.found) for line in lines)) + 2
    yield f"{'':54} {titles[0]:{width}} {titles[1]}"
    for line, other in zip(lines, describe(usual), strict=True):
        yield f"{line.test:21} {line.sign:32} {line.found:{width}} {other.found}"
    yield ""
