"""How commands are told which infant is meant."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

Age = Annotated[float, typer.Option(help="In months since birth, 0 to 24.")]
Sex = Annotated[Literal["female", "male"], typer.Option(help="Of the infant.")]
Condition = Annotated[str, typer.Option(help="A file in models/conditions/.")]
Severity = Annotated[float, typer.Option(help="Of the condition, 0 to 1.")]
Option = Annotated[
    list[str] | None, typer.Option(help="A choice of the condition, as name=value; repeatable.")
]


def condition_options(settings: Sequence[str] | None) -> dict[str, object]:
    """Choices of a condition from ``--option name=value``, values read as YAML.

    Raises:
        InputError: If one has no ``=``.
    """
    from dmi_sim.catalog import parse_yaml
    from dmi_sim.errors import InputError

    parts = [setting.partition("=") for setting in settings or ()]
    for name, equals, _ in parts:
        if not equals:
            raise InputError(f"--option {name}: write it as name=value")
    return {name.strip(): parse_yaml(value, f"--option {name}") for name, _, value in parts}
