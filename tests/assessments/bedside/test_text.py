"""A whole examination as a table and as plain data."""

from dataclasses import fields, replace

import pytest

from dmi_sim.assessments.bedside.procedure import examine_beside_typical
from dmi_sim.assessments.bedside.result import BedsideResult, ExaminedInfant
from dmi_sim.assessments.bedside.slip_through import SlipThrough
from dmi_sim.assessments.bedside.text import as_data, examination_data, examination_lines, signs
from dmi_sim.infant import Infant, InfantConfig
from tests.assessments.bedside.infants import pulled, typical


@pytest.fixture(scope="module")
def examined() -> tuple[ExaminedInfant, ...]:
    return examine_beside_typical(typical(6))


@pytest.fixture(scope="module")
def result(examined: tuple[ExaminedInfant, ...]) -> BedsideResult:
    return examined[0].result


def titled(config: InfantConfig, result: BedsideResult) -> ExaminedInfant:
    return ExaminedInfant(replace(typical(6), config=config), result)


def test_an_examination_holds_the_findings_of_each_test(result: BedsideResult) -> None:
    assert result.pull_to_sit == pulled(typical(6))
    assert len(result.pendulum) == len(result.scarf_sign) == 2


def test_a_typical_infant_needs_no_other_beside_it(examined: tuple[ExaminedInfant, ...]) -> None:
    assert [one.infant for one in examined] == [Infant.from_spec(6)]
    data = examination_data(examined)
    assert data["findings"] == data["typical"]


def test_findings_are_stated_in_clinical_words(result: BedsideResult) -> None:
    found = {sign.name: sign.found for sign in signs(result)}
    assert found["head behind trunk at 45°"].endswith("no head lag")
    assert found["carries, of body weight"].endswith("holds")
    lagging = replace(result.pull_to_sit, lag_rad=1.0)
    weak = replace(result, pull_to_sit=lagging, slip_through=SlipThrough(0.75, 0.25))
    found = {sign.name: sign.found for sign in signs(weak)}
    assert found["head behind trunk at 45°"] == "57°, head lag"
    assert found["carries, of body weight"] == "0.75, slips through, 25% of weight"


def test_each_infant_has_its_column_under_its_title(result: BedsideResult) -> None:
    floppy = titled(InfantConfig(6.0, "female", "hypotonia", 0.7), result)
    head, first, *_, notice = examination_lines([floppy, ExaminedInfant(typical(6), result)])
    assert head.endswith(" typical")
    for title in ("hypotonia, severity 0.7", "typical"):
        assert first[head.index(title) :].startswith(signs(result)[0].found)
    assert notice == "Simulation, not clinical evidence."


def test_plain_data_have_every_number_and_no_state(result: BedsideResult) -> None:
    data = as_data(result)
    assert isinstance(data, dict)
    assert set(data) == {field.name for field in fields(BedsideResult)}
    assert data["pull_to_sit"]["lag_rad"] == result.pull_to_sit.lag_rad
    assert "seen" not in data["pull_to_sit"]
    assert data["pendulum"][1]["swings"] == result.pendulum[1].swings
