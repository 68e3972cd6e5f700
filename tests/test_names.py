"""Names of all that an installation offers; listing imports nothing heavy."""

import runpy
import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import pytest

import dmi_sim
from dmi_sim.names import exercises
from dmi_sim.paths import OWN_FILES

CHECKOUT = Path(__file__).parents[1]


def test_every_exercise_is_a_gymnasium_id() -> None:
    assert "sitting" in exercises()
    assert "DMI/Sitting-v1" in dmi_sim.environments()
    assert all(gym.spec(name).id == name for name in dmi_sim.environments())


def test_exercises_of_ones_own_are_among_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exercises()
    (tmp_path / "envs").mkdir()
    for name in ("dancing", "sitting"):
        (tmp_path / "envs" / f"{name}.yaml").touch()
    monkeypatch.setenv(OWN_FILES, str(tmp_path))
    assert exercises() == tuple(sorted({*before, "dancing"}))
    assert "DMI/Dancing-v0" in dmi_sim.environments()
    monkeypatch.delenv(OWN_FILES)
    assert exercises() == before


def test_the_readme_lists_the_exercises_as_their_files_say() -> None:
    rows = runpy.run_path(str(CHECKOUT / "docs/list_exercises.py"))["table"]()
    listed = (CHECKOUT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if row not in listed] == []


def test_support_sites_go_from_the_head_down_to_none() -> None:
    sites = dmi_sim.support_sites()
    assert sites == (
        "head",
        "shoulder_girdle",
        "axillae",
        "lower_ribs",
        "waist",
        "pelvis",
        "thighs",
        "shanks",
        "feet",
        "none",
    )


def test_typical_is_a_condition() -> None:
    assert "typical" in dmi_sim.conditions()
    assert list(dmi_sim.conditions()) == sorted(dmi_sim.conditions())


def test_outcomes_are_listed_beside_the_rest() -> None:
    assert "time_upright_s" in dmi_sim.outcomes()
    assert len(set(dmi_sim.outcomes())) == len(dmi_sim.outcomes())


def test_listing_names_imports_nothing_heavy() -> None:
    program = (
        "import sys, dmi_sim; dmi_sim.environments(), dmi_sim.conditions();"
        "heavy = {'pybullet', 'torch', 'stable_baselines3', 'numba', 'matplotlib', 'ruamel.yaml'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
