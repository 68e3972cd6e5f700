"""The command that assesses a controller level by level."""

import json
from pathlib import Path

import pytest

from dmi_sim import cli
from dmi_sim.cli.assess.segmental import segmental
from dmi_sim.errors import InputError


def test_reflexes_only_as_json_and_as_a_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    figure = tmp_path / "levels.png"
    words = ["assess", "segmental", "--age", "3", "--figure", str(figure), "--json"]
    monkeypatch.setattr("sys.argv", ["dmi-sim", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    data = json.loads(capfd.readouterr().out)
    assert data["learning_level"] == {"static": 1, "active": 1, "reactive": 1}
    assert [level["static"]["verdict"] for level in data["levels"]].count("not tested") == 1
    assert data["levels"][-1]["reactive"]["trials"][0]["seen"]["regained_from_front_s"] is None
    assert "not the SATCo" in data["notice"]
    assert figure.stat().st_size > 20_000


def test_bad_input_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must end in"):
        segmental(figure=tmp_path / "levels.txt", age=99)
    with pytest.raises(InputError, match="did you mean 'trunk'"):
        segmental(procedure="trunc")
    with pytest.raises(InputError, match="age_months"):
        segmental(age=99)
    with pytest.raises(InputError, match="bundle"):
        segmental(policy=str(tmp_path))
