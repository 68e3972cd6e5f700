"""A whole examination, and how it is told."""

from dataclasses import fields, replace

import pytest

from dmi_sim import examine
from dmi_sim.assessments.bedside.procedure import BedsideResult
from dmi_sim.assessments.bedside.slip_through import SlipThrough
from dmi_sim.assessments.bedside.text import as_data, describe
from tests.assessments.bedside.infants import pulled, typical


@pytest.fixture(scope="module")
def findings() -> BedsideResult:
    return examine(typical(6))


def test_an_examination_holds_the_findings_of_each_test(findings: BedsideResult) -> None:
    assert findings.pull_to_sit == pulled(typical(6))
    assert len(findings.pendulum) == len(findings.scarf_sign) == 2


def test_findings_are_told_in_the_words_of_a_clinic(findings: BedsideResult) -> None:
    told = {line.sign: line.found for line in describe(findings)}
    assert told["head behind trunk at 45°"].endswith("no head lag")
    assert told["carries, of body weight"].endswith("holds")
    lagging = replace(findings.pull_to_sit, lag_rad=1.0)
    weak = replace(findings, pull_to_sit=lagging, slip_through=SlipThrough(0.75, 0.25))
    told = {line.sign: line.found for line in describe(weak)}
    assert told["head behind trunk at 45°"] == "57°, head lag"
    assert told["carries, of body weight"] == "0.75, slips through, 25% of weight"


def test_as_data_has_every_number_and_no_state(findings: BedsideResult) -> None:
    data = as_data(findings)
    assert isinstance(data, dict)
    assert set(data) == {field.name for field in fields(BedsideResult)}
    assert data["pull_to_sit"]["lag_rad"] == findings.pull_to_sit.lag_rad
    assert "seen" not in data["pull_to_sit"]
    assert data["pendulum"][1]["swings"] == findings.pendulum[1].swings
