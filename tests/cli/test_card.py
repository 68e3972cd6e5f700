"""The card on the command line."""

import json

import pytest
from typer.testing import CliRunner

from dmi_sim.assessments.condition_card.result import NOTICE
from dmi_sim.cli import app
from dmi_sim.cli.card import card
from dmi_sim.errors import InputError


def test_options_and_age_reach_the_card() -> None:
    text = card("spinal_cord_lesion", age=12, severity=1, option=["level=L1"]).text
    assert "at 12 months, severity 1, level=L1" in text
    ankle = next(line for line in text.splitlines() if "left ankle plantarflexion" in line)
    assert float(ankle.split()[-3]) == 0


@pytest.mark.parametrize(
    ("name", "option", "message"),
    [
        ("spastic_cp", "topografy=diplegia", "did you mean 'topography'"),
        ("spastic_cp", "topography", "--option topography: write it as name=value"),
        ("preterm", "weeks=60", "weeks: 60 is outside 24 to 36"),
        ("spastik_cp", "side=left", "condition: no 'spastik_cp'; did you mean 'spastic_cp'"),
    ],
)
def test_a_wrong_option_is_refused(name: str, option: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        card(name, option=[option])


def test_json_gives_every_number(capfd: pytest.CaptureFixture[str]) -> None:
    CliRunner().invoke(app, ["card", "preterm", "--option", "weeks=28", "--json"])
    data = json.loads(capfd.readouterr().out)
    assert data["config"]["condition_options"] == {"weeks": 28, "growth": "fenton"}
    assert {"typical", "now", "unit", "name"} == set(data["comparisons"][0])
    assert data["notice"] == NOTICE


def test_the_card_of_a_girl_of_measured_size_has_that_size() -> None:
    found = {
        row["name"]: row
        for row in card("down_syndrome", mass_kg=6.2, length_m=0.64).data["comparisons"]
    }
    assert found["mass"]["now"] == pytest.approx(6.2)
    assert found["length"]["now"] == pytest.approx(64)
    assert found["mass"]["typical"] > 6.2  # the typical girl of the same standard scores
