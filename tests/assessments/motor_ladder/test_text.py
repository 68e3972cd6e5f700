"""The ladder score in words and numbers."""

import json

from dmi_sim.assessments.motor_ladder.result import DIMENSIONS, LadderFinding
from dmi_sim.assessments.motor_ladder.text import ladder_data, ladder_lines
from tests.assessments.motor_ladder.ladders import finding

TEXT = "\n".join(ladder_lines(finding()))


def row(name: str) -> list[str]:
    line = next(line for line in TEXT.splitlines() if line.startswith(f"| {name} "))
    return [cell.strip() for cell in line.strip("| ").split("|")]


def test_a_row_gives_age_score_supported_scores_and_the_lowest_site() -> None:
    name, age, alone, held, lowest = row("walking")
    assert (name, age, alone, lowest) == ("walking", "12", "0", "axillae")
    assert held.startswith("axillae 3, lower ribs 1")


def test_exercises_done_by_the_hands_or_not_tried_alone_have_no_number() -> None:
    assert row("sitting")[3].startswith("head hands, ")
    assert row("pull to sit")[2] == "-"


def test_totals_stand_below_by_dimension() -> None:
    assert row("standing tilt")[2] == "1"
    assert row("walking") != row("all")
    assert row("all") == ["all", "26", "36", "72"]


def test_an_empty_ladder_has_no_per_cent() -> None:
    assert "| all                   | 0     | 0  | -        |" in "\n".join(
        ladder_lines(LadderFinding(()))
    )


def test_text_and_data_state_that_they_are_no_clinical_evidence() -> None:
    for text in (TEXT, json.dumps(ladder_data(finding()))):
        assert "not the GMFM" in text
        assert "Simulation, not clinical evidence" in text


def test_data_hold_every_trial_and_the_derived_values() -> None:
    data = ladder_data(finding())
    kneeling = next(item for item in data["items"] if item["exercise"] == "kneeling")
    assert (kneeling["unsupported"], kneeling["lowest"]) == (3, "none")
    assert kneeling["sites"][-1]["completion"] == (1.0, 1.0)
    assert kneeling["sites"][-1]["own_share"] == 1.0
    assert set(data["totals"]) == set(DIMENSIONS)
    assert data["total"]["score"] == 26
