"""The command line as a user meets it: answers, messages, exit codes, and a prompt --help."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dmi_sim import cli, environments

HEAVY = ("torch", "stable_baselines3", "pybullet", "matplotlib", "viser", "pyarrow", "scipy",
         "numba", "pydantic", "ruamel", "rich")  # fmt: skip


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.out)


class DmiSim:
    """Runs commands in this process, with what the file descriptors got."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capfd = monkeypatch, capfd

    def __call__(self, *arguments: str | Path) -> Ran:
        self._monkeypatch.setattr("sys.argv", ["dmi-sim", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self._capfd.readouterr()
        return Ran(int(str(ended.value.code or 0)), said.out, said.err)


@pytest.fixture
def dmi_sim(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> DmiSim:
    return DmiSim(monkeypatch, capfd)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


OWN_STUDY = """
title: t
question: Which?
background: Either may help.
arms: {one: {programme: dmi}, two: {programme: traditional}}
who: {age_months: 6}
children: 1
weeks: 1
assessments: {every_weeks: 1, trials: 1}
primary_outcome: {outcome: score_gain, comparisons: [[one, two]], equivalence_margin: 0.1}
minutes: 1
"""


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, dmi_sim.cli as cli\n"
        "sys.argv = ['dmi-sim', '--help']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"loaded = [name for name in {HEAVY} if name in sys.modules]\n"
        "sys.exit(f'imported: {loaded}' if loaded else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_no_command_shows_the_help(dmi_sim: DmiSim) -> None:
    ran = dmi_sim()
    assert "Usage: dmi-sim" in ran.out + ran.err


@pytest.mark.parametrize("arguments", [["chekc"], ["list", "--jsn"], ["check", "--out", "x"]])
def test_a_misspelt_command_or_option_is_bad_input(arguments: list[str], dmi_sim: DmiSim) -> None:
    ran = dmi_sim(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert arguments[-1 if len(arguments) < 3 else 1] in ran.err


def test_list_names_what_there_is_with_its_title(dmi_sim: DmiSim) -> None:
    ran = dmi_sim("list", "--json")
    assert ran.code == 0
    assert ran.data["models/supports"]["pelvis"] == "Hands at the pelvis"
    assert "site_in_sitting" in ran.data["experiments"]
    assert ran.data["environments"] == [*environments()]
    assert ran.data["support_sites"][0] == "head"
    assert "Hands at the pelvis" in dmi_sim("list").out


@pytest.mark.parametrize("named", ["bad.yaml", "mine/bad.yaml", "mine/experiments/bad.yaml"])
@pytest.mark.parametrize(
    ("right", "field"),
    [
        ("programme: dmi", "arms.one.programme"),
        ("outcome: score_gain", "primary_outcome.outcome"),
    ],
)
def test_a_study_of_ones_own_is_named_by_the_path_that_was_given(
    dmi_sim: DmiSim,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    right: str,
    field: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / named, OWN_STUDY.replace(right, f"{right}s"))
    ran = dmi_sim("study", named)
    assert ran.code == 2
    assert f"dmi-sim: {named}: {field}: " in ran.err
    assert "did you mean" in ran.err
    assert not (tmp_path / "runs").exists()


def test_the_shipped_files_are_right(dmi_sim: DmiSim) -> None:
    ran = dmi_sim("check", "--json")
    assert ran.data["problems"] == []
    assert ran.code == 0


def test_check_reports_all_problems_of_a_users_folder(dmi_sim: DmiSim, tmp_path: Path) -> None:
    write(tmp_path / "models/supports/one.yaml", "titel: x")
    write(tmp_path / "models/supports/two.yaml", "title: [")
    ran = dmi_sim("check", tmp_path)
    assert ran.code == 2
    assert "one.yaml: titel: unknown key; did you mean 'title'?" in ran.out
    assert "two.yaml: line 1" in ran.out


def test_check_of_a_path_that_does_not_exist_is_bad_input(dmi_sim: DmiSim, tmp_path: Path) -> None:
    ran = dmi_sim("check", tmp_path / "nowhere", "--json")
    assert ran.code == 2
    assert ran.data["error"] == "input"
    assert "no YAML file here" in ran.err


def test_schema_describes_each_key(dmi_sim: DmiSim) -> None:
    ran = dmi_sim("schema", "models/supports", "--json")
    assert ran.data["properties"]["title"]["description"]
    assert ran.data["additionalProperties"] is False


def test_schema_of_an_unknown_kind_names_the_nearest(dmi_sim: DmiSim) -> None:
    ran = dmi_sim("schema", "models/suports")
    assert ran.code == 2
    assert "did you mean 'models/supports'?" in ran.err


def test_schemas_can_be_written_for_an_editor(dmi_sim: DmiSim, tmp_path: Path) -> None:
    assert dmi_sim("schema", "--out", tmp_path / "schemas").code == 0
    schema = json.loads((tmp_path / "schemas/models.supports.schema.json").read_text())
    assert schema["title"] == "SupportSpec"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["train", "DMI/Siting-v1"], "did you mean 'DMI/Sitting-v1'?"),
        (["train", "DMI/Sitting-v1", "--steps", "0"], "--steps"),
        (["train", "DMI/Sitting-v1", "--set", "age_month=3"], "did you mean 'age_months'?"),
        (["train", "DMI/Sitting-v1", "--set", "age_months=old"], "valid number"),
        (["train", "DMI/Sitting-v1", "--set", "age_months=25"], "0 to 24"),
        (["train", "DMI/Sitting-v1", "--set", "support=pelvs"], "did you mean 'pelvis'?"),
        (["train", "DMI/Sitting-v1", "--set", "training.gama=1"], "did you mean 'gamma'?"),
        (["train", "DMI/Sitting-v1", "--set", "training.gamma=1"], "less than 1"),
        (["evaluate", "nowhere"], "no 'nowhere', nor such a folder"),
        (["study", "site_in_siting"], "did you mean 'site_in_sitting'?"),
        (["study", "distal_vs_proximal"], "did you mean 'site_in_sitting'?"),
        (["study", "site_in_sitting", "--set", "seds=3"], "did you mean 'seeds'?"),
        (["study", "site_in_sitting", "--set", "seeds=0"], "greater than or equal to 1"),
        (["study", "site_in_sitting", "--workers", "0"], "--workers"),
        (["study", "site_in_sitting", "--executor", "cloud"], "--executor"),
        (["study", "mine.yaml"], "mine.yaml: No such file"),
        (["study", "mine"], "no such file; known: "),
        (["study", "site_in_sitting", "--resume", "nowhere"], "nowhere"),
        (["report", "nowhere"], "nowhere"),
        (["replay", "nowhere"], "nowhere"),
        (["replay", "nowhere.npz"], "a replay needs the body it shows"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    arguments: list[str], reason: str, dmi_sim: DmiSim, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    ran = dmi_sim(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert reason in ran.err
    assert list(tmp_path.iterdir()) == []
