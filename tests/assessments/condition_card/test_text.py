"""The card as text and as data."""

from dataclasses import replace

import pytest

import dmi_sim
from dmi_sim.assessments.condition_card.procedure import condition_card
from dmi_sim.assessments.condition_card.result import NOTICE, ChangeRow, QuantityComparison
from dmi_sim.assessments.condition_card.text import card_data, card_lines


@pytest.mark.parametrize("condition", dmi_sim.conditions())
def test_every_card_is_readable(condition: str) -> None:
    lines = list(card_lines(condition_card(condition)))
    assert lines[-1] == NOTICE
    assert max(map(len, lines)) <= 100
    assert ("not modelled" in lines) == (condition != "typical")


def test_a_change_is_listed_with_its_share_by_region_its_basis_and_its_source() -> None:
    change = ChangeRow(
        "weakness", "strength", "x 0.70", "everywhere", {"leg": 1.0, "arm": 0.35},
        "measured", "smith2001", "of peers",
    )  # fmt: skip
    lines = list(card_lines(replace(condition_card("typical"), changes=(change,))))
    words = (
        "  strength x 0.70, everywhere (of this leg 100%, arm 35%); measured after smith2001: "
        "of peers"
    )
    assert lines[lines.index("changes") + 1] == words


def test_an_unchanged_quantity_is_called_the_same() -> None:
    same, less = (QuantityComparison(name, "1", 1.0, now) for name, now in (("a", 1.0), ("b", 0.5)))
    lines = list(card_lines(replace(condition_card("typical"), comparisons=(same, less))))
    row = lines.index(next(line for line in lines if line.split() == ["typical", "now"]))
    assert [line.split() for line in lines[row + 1 : row + 3]] == [
        ["a", "1", "the", "same"],
        ["b", "1", "0.5"],
    ]
    assert len(lines[row]) == len(lines[row + 1]) == len(lines[row + 2])


def test_data_hold_options_as_a_dictionary() -> None:
    data = card_data(condition_card("preterm", condition_options={"weeks": 28}))
    assert data["config"]["condition_options"] == {"weeks": 28, "growth": "fenton"}
    assert data["notice"] == NOTICE
