"""The card of a condition as text and as plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from dmi_sim.assessments.condition_card.result import (
    NOTICE,
    ChangeRow,
    ConditionCard,
    QuantityComparison,
)
from dmi_sim.tables import columns

WIDTH = 96


def card_lines(card: ConditionCard) -> Iterator[str]:
    """The card as text, in sections: options, growth, changes, quantities, what is not modelled."""
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
    yield from _section("changes", [_change(row) for row in card.changes])
    yield from ("", *_comparison_lines(card.comparisons))
    yield from _section("not modelled", card.not_modelled)
    yield from ("", NOTICE)


def _section(title: str, entries: Sequence[str]) -> Iterator[str]:
    if entries:
        yield from ("", title)
    for entry in entries:
        yield from wrap(entry, WIDTH, initial_indent="  ", subsequent_indent="      ")


def _change(row: ChangeRow) -> str:
    shares = ", ".join(f"{region} {share:.0%}" for region, share in row.arrives.items())
    arrives = f" (of this {shares})" if shares else ""
    source = f" after {row.source}" if row.source else ""
    return f"{row.parameter} {row.change}, {row.where}{arrives}; {row.basis}{source}: {row.note}"


def _comparison_lines(comparisons: Sequence[QuantityComparison]) -> Iterator[str]:
    rows = [(one.name, f"{one.typical:.3g}", _now(one), _unit(one)) for one in comparisons]
    yield from columns("  <40>9  >9  <1", [("", "typical", "now", ""), *rows])


def _now(one: QuantityComparison) -> str:
    return f"{one.now:.3g}" if one.now != one.typical else "the same"


def _unit(one: QuantityComparison) -> str:
    return "" if one.unit == "1" else one.unit


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def card_data(card: ConditionCard) -> dict[str, Any]:
    """The card as plain data."""
    chosen = dict(card.config.condition_options)
    config = {**asdict(card.config), "condition_options": chosen}
    return {**asdict(card), "config": config, "notice": NOTICE}
