"""What an installation offers, by name; listing starts no simulator."""

import subprocess
import sys

import gymnasium as gym

import dmi_sim
from dmi_sim.names import exercises


def test_every_exercise_is_a_gymnasium_id() -> None:
    assert "sitting" in exercises()
    assert "DMI/Sitting-v0" in dmi_sim.environments()
    assert all(gym.spec(name).id == name for name in dmi_sim.environments())


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
