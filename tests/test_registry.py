"""Registries: one place for each name, typed parameters, and items of one's own from plug-ins."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from dmi_sim.anatomy import SegmentName
from dmi_sim.catalog import Catalog
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.criteria import CRITERIA
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.paths import OWN_FILES
from dmi_sim.registry import (
    ENTRY_POINTS,
    Registry,
    bind,
    defaults_of,
    parameter_problem,
    parameters_of,
    with_names,
)
from dmi_sim.spec.exercise import ExerciseSpec

ALL: tuple[Registry[Any], ...] = (ACTION_MODES, CRITERIA, OBSERVATIONS, REWARD_TERMS, TERMINATIONS)


def term(
    length_m: float,
    *,
    width_rad: Annotated[float, Field(gt=0)],
    segments: tuple[SegmentName, ...] = ("head",),
) -> float:
    return length_m * width_rad * len(segments)


def test_names_keep_the_order_in_which_they_were_registered() -> None:
    numbers = Registry[int]("number")
    for name, value in (("two", 2), ("one", 1)):
        assert numbers.add(name, value) == value
    assert dict(numbers) == {"two": 2, "one": 1}
    assert list(numbers) == ["two", "one"]


def test_a_name_is_given_once() -> None:
    numbers = Registry[int]("number")
    numbers.add("one", 1)
    with pytest.raises(ValueError, match="number: 'one' is registered already"):
        numbers.add("one", 2)
    assert numbers["one"] == 1


def test_an_unknown_name_suggests_the_nearest() -> None:
    numbers = Registry[int]("number")
    numbers.add("one", 1)
    assert numbers.unknown("one") == ""
    assert numbers.unknown("ome") == "no number 'ome'; did you mean 'one'?"
    with pytest.raises(KeyError):
        _ = numbers["ome"]


def test_whoever_reads_a_registry_sees_what_its_other_modules_register(tmp_path: Path) -> None:
    """In a process that imports the reward terms only, the success criteria are among them."""
    code = "from dmi_sim.env.rewards import REWARD_TERMS; print('no_fall' in REWARD_TERMS)"
    assert python(["-c", code], tmp_path).stdout.split() == ["True"]


@pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.kind)
def test_every_item_says_what_it_is(registry: Registry[Any]) -> None:
    for name, item in registry.items():
        function = getattr(item, "function", getattr(item, "compute", item))
        assert function.__name__ == name
        assert function.__doc__
        assert function.__doc__.splitlines()[0].endswith(".")


def test_parameters_are_the_keywords_of_the_signature() -> None:
    assert list(parameters_of(term)) == ["width_rad", "segments"]
    assert defaults_of(term) == {"segments": ("head",)}


@pytest.mark.parametrize(
    "params", [{"width_rad": 0.3}, {"width_rad": 1, "segments": ["head", "pelvis"]}]
)
def test_parameters_that_fit_are_fine(params: dict[str, object]) -> None:
    assert parameter_problem(term, params) == ""


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({}, "parameter 'width_rad' is missing"),
        ({"width_deg": 20}, "unknown parameter 'width_deg'; did you mean 'width_rad'?"),
        ({"length_m": 1, "width_rad": 1}, "unknown parameter 'length_m'; "),
        ({"width_rad": "wide"}, "parameter 'width_rad': Input should be a valid number"),
        ({"width_rad": 0}, "parameter 'width_rad': Input should be greater than 0 (got 0)"),
        (
            {"width_rad": 1, "segments": ["head", "pelvs"]},
            "parameter 'segments': no 'pelvs'; did you mean 'pelvis'?",
        ),
        (
            {"width_rad": 1, "segments": "head"},
            "parameter 'segments': Input should be a valid tuple",
        ),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_are_named(params: dict[str, object], problem: str) -> None:
    assert parameter_problem(term, params).startswith(problem)


def test_a_bound_function_has_its_parameters_with_their_types() -> None:
    bound = bind(term, {"width_rad": 2, "segments": ["head", "pelvis"]})
    assert bound(0.5) == 2.0
    assert bind(term, {"width_rad": 2})(0.5) == 1.0


def test_a_schema_lists_the_names_that_there_are() -> None:
    schema = ExerciseSpec.model_json_schema()
    named = with_names(schema, {registry.kind: registry for registry in ALL})
    kinds = named["$defs"]
    assert kinds["TermSpec"]["properties"]["term"]["enum"] == sorted(REWARD_TERMS)
    assert kinds["SuccessSpec"]["properties"]["criterion"]["enum"] == sorted(CRITERIA)
    assert kinds["TerminationSpec"]["properties"]["term"]["enum"] == sorted(TERMINATIONS)
    assert named["properties"]["observations"]["items"]["enum"] == sorted(OBSERVATIONS)
    assert "x-registry" not in json.dumps(named)


PLUGIN = '''
"""Terms of one's own."""
from dmi_sim.anatomy import SEGMENT_INDEX, SegmentName
from dmi_sim.env.observations import observation
from dmi_sim.env.rewards import reward_term

@observation(fixed=2, noise=lambda sd: sd.pressure)
def thigh_load(context):
    """Force of the floor on both thighs, over body weight."""
    return context.contact_force[[SEGMENT_INDEX["left_thigh"], SEGMENT_INDEX["right_thigh"]]]

@reward_term
def load(context, *, segment: SegmentName, wanted: float = 1.0) -> float:
    """Force of the floor on a segment, over body weight and a share wanted."""
    return float(context.contact_force[SEGMENT_INDEX[segment]]) / wanted
'''

PLAY = """
import gymnasium as gym, json, numpy as np, dmi_sim
env = gym.make("DMI/Loading-v0")
env.reset(seed=1)
for _ in range(5):
    observation, *_, info = env.step(np.zeros(env.action_space.shape, np.float32))
name = env.unwrapped.observation_names[-1]
print(json.dumps([name, float(observation[-1]), info["reward/seat"]]))
"""


def python(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with its plug-ins and its own files where there are such."""
    search = [str(folder / "site"), os.environ.get("PYTHONPATH", "")]
    own = {OWN_FILES: str(folder / "mine")} if (folder / "mine").is_dir() else {}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search)), **own},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def install(folder: Path, text: str) -> None:
    """A package of one module with an entry point, as pip would leave it."""
    info = folder / "site/own_terms-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "site/own_terms.py").write_text(text)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own-terms\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\nloads = own_terms\n")


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """An exercise of one's own that uses terms of one's own."""
    spec = Catalog.shipped().load(ExerciseSpec, "sitting_v0").model_dump(mode="json")
    spec["observations"] += ["thigh_load"]
    spec["rewards"]["seat"] = {
        "term": "load", "weight": 1.0, "params": {"segment": "pelvis", "wanted": 0.5}
    }  # fmt: skip
    path = tmp_path / "mine/envs/loading.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(spec))
    return tmp_path


def test_terms_of_ones_own_are_known_to_the_command_line_and_play(workplace: Path) -> None:
    install(workplace, PLUGIN)
    checked = python(["-m", "dmi_sim", "check", "mine"], workplace)
    assert checked.returncode == 0, checked.stderr + checked.stdout
    schema = python(["-m", "dmi_sim", "schema", "envs"], workplace).stdout
    assert '"thigh_load"' in schema
    assert '"load"' in schema
    played = python(["-c", PLAY], workplace)
    assert played.returncode == 0, played.stderr
    name, felt, reward = json.loads(played.stdout.splitlines()[-1])
    assert name == "thigh_load[1]"
    assert abs(felt) < 1.5
    assert 0 < reward * 30 < 2


def test_without_the_plug_in_its_terms_are_unknown(workplace: Path) -> None:
    checked = python(["-m", "dmi_sim", "check", "mine"], workplace)
    assert checked.returncode == 2
    assert "observations: no observation 'thigh_load'" in checked.stdout
    assert "rewards.seat: no reward term 'load'" in checked.stdout


def test_parameters_of_ones_own_terms_are_checked(workplace: Path) -> None:
    install(
        workplace, PLUGIN.replace("segment: SegmentName, wanted", "segment: SegmentName, share")
    )
    checked = python(["-m", "dmi_sim", "check", "mine"], workplace)
    assert checked.returncode == 2
    assert "rewards.seat: unknown parameter 'wanted'" in checked.stdout


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("raise RuntimeError('half written')", "RuntimeError: half written"),
        (PLUGIN.replace("def load(", "def effort("), "reward term: 'effort' is registered already"),
    ],
)
def test_a_broken_plug_in_is_named_in_one_line(text: str, reason: str, tmp_path: Path) -> None:
    install(tmp_path, text)
    checked = python(["-m", "dmi_sim", "check"], tmp_path)
    assert checked.returncode == 4
    (line,) = checked.stderr.splitlines()
    assert line.startswith("dmi-sim: plug-in 'loads' (own_terms, group dmi_sim.terms) ")
    assert reason in line
