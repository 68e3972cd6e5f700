"""The command that reads postural responses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dmi_sim.assessments.postural_responses import procedure
from dmi_sim.cli.assess import app
from dmi_sim.cli.assess.responses import responses
from dmi_sim.errors import InputError
from tests.assessments.postural_responses.electromyograms import finding


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """An assessment that is done at once, and what it was asked."""
    seen: list[object] = []

    def at_once(*wish: object, **_: object) -> object:
        seen.extend(wish[:2])
        return finding()

    monkeypatch.setattr(procedure, "responses_bundle", at_once)
    return seen


def test_reflexes_alone_are_read_if_there_is_no_policy(asked: list[object]) -> None:
    lines = responses(age=9, condition="spastic_cp").text.splitlines()
    assert asked == [None, {"age_months": 9, "condition": "spastic_cp"}]
    assert lines[0].startswith("reflexes only: age months 9")
    assert lines[-1].startswith("Simulation, not clinical evidence")


def test_one_json_object_and_a_figure(tmp_path: Path) -> None:
    figure = tmp_path / "responses.png"
    ran = CliRunner().invoke(app, ["responses", "--figure", str(figure), "--motion", "tilt"])
    assert ran.exit_code == 0
    assert figure.stat().st_size > 50_000


def test_the_data_can_be_written_as_json() -> None:
    data = responses().data
    assert json.dumps(data["gains"])
    assert "not clinical evidence" in data["notice"]


def test_bad_input_is_refused_before_any_work(asked: list[object], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'sitting'"):
        responses(exercise="siting")
    with pytest.raises(InputError, match="figure"):
        responses(figure=tmp_path / "responses.doc")
    assert asked == []
