"""The command that shows the card of a condition."""

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Age, Option, Severity, condition_options

if TYPE_CHECKING:
    from dmi_sim.assessments.condition_card.procedure import Card, ChangeLine, Telling

NOTICE = "Simulation for education and hypothesis generation, not clinical evidence."
WIDTH = 96

Name = Annotated[str, typer.Argument(help="A file in models/conditions/.")]


def card(
    name: Name, age: Age = 7.0, severity: Severity = 0.5, option: Option = None
) -> CommandResult:
    """Show what a condition changes, from which source.

    Also how much at this age and severity, what is assumed and what is not modelled.
    """
    from dataclasses import asdict

    from dmi_sim.assessments.condition_card.procedure import card as card_of

    found = card_of(name, age, severity, condition_options(option))
    chosen = dict(found.config.condition_options)
    config = {**asdict(found.config), "condition_options": chosen}
    data = {"condition": name, **asdict(found), "config": config, "notice": NOTICE}
    return CommandResult("\n".join(_lines(found)), data)


def _lines(card: "Card") -> Iterator[str]:
    config = card.config
    chosen = ", ".join(f"{name}={_short(value)}" for name, value in config.condition_options)
    yield card.title
    yield from wrap(card.description, WIDTH)
    yield ""
    yield f"at {config.age_months:g} months, severity {config.severity:g}" + (
        f", {chosen}" if chosen else ""
    )
    yield from _section("options", [f"{name}: {words}" for name, words in card.options.items()])
    yield from _section("growth", [card.growth] if card.growth else [])
    yield from _section("changes", [_change(line) for line in card.changes])
    yield from _table(card.telling)
    yield from _section("not modelled", card.not_modelled)
    yield from ("", NOTICE)


def _section(title: str, entries: "list[str] | tuple[str, ...]") -> Iterator[str]:
    if entries:
        yield from ("", title)
    for entry in entries:
        yield from wrap(entry, WIDTH, initial_indent="  ", subsequent_indent="      ")


def _change(line: "ChangeLine") -> str:
    shares = ", ".join(f"{place} {share:.0%}" for place, share in line.arrives.items())
    arrives = f" (of this {shares})" if shares else ""
    source = f" after {line.source}" if line.source else ""
    return (
        f"{line.parameter} {line.change}, {line.where}{arrives}; {line.basis}{source}: {line.note}"
    )


def _table(rows: "tuple[Telling, ...]") -> Iterator[str]:
    yield from ("", f"  {'':40}  typical        now")
    for row in rows:
        now = f"{row.now:9.3g}" if row.now != row.typical else f"{'the same':>9}"
        unit = "" if row.unit == "1" else row.unit
        yield f"  {row.name:40}{row.typical:9.3g}  {now}  {unit}".rstrip()


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
