"""Gymnasium ids: one a file, with names and numbers as arguments."""

import inspect
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.wrappers import TimeAwareObservation

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.env.registration import make, max_episode_steps
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id, exercises, old_exercises
from dmi_sim.paths import OWN_FILES
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from tests.env.test_config import STRANGE, refusal


def test_a_file_name_becomes_an_id() -> None:
    assert environment_id("sitting") == "DMI/Sitting-v1"
    assert environment_id("sit_to_stand") == "DMI/SitToStand-v1"


def test_an_unknown_argument_names_the_nearest() -> None:
    with pytest.raises(InputError, match="age_month: no such argument; did you mean 'age_months'"):
        make("sitting", age_month=7)


@pytest.mark.parametrize("name", dmi_sim.environments())
def test_a_specification_survives_json(name: str) -> None:
    env = gym.make(name, age_months=9.0, sex="male", support="axillae", support_strength=0.5)
    assert env.spec is not None
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.infant == env.unwrapped.infant  # type: ignore[attr-defined]
    assert json.loads(env.spec.to_json())["kwargs"]["support"] == "axillae"
    env.close()
    again.close()


def test_an_exercise_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'sitting'"):
        make("siting")


@pytest.mark.parametrize("exercise", exercises())
def test_the_time_limit_of_an_exercise_is_registered(exercise: str) -> None:
    spec = Catalog.shipped().load(ExerciseSpec, exercise)
    assert gym.spec(environment_id(exercise)).max_episode_steps == spec.episode_steps


@pytest.mark.parametrize("name", [*map(environment_id, exercises())])
def test_time_is_observed_as_a_share_of_the_limit(name: str) -> None:
    env = TimeAwareObservation(gym.make(name), normalize_time=True)
    limit = env.get_wrapper_attr("spec").max_episode_steps
    env.reset(seed=1)
    observation = env.step(np.zeros(env.action_space.shape or (), np.float32))[0]
    assert observation[-1] == pytest.approx(1 / limit)
    env.close()


@pytest.mark.parametrize("steps", [7, 400])
def test_another_time_limit_is_honoured_shorter_or_longer(steps: int) -> None:
    """One rule cuts an episode: that of the wrapper. Success asks for 10 s all the same."""
    env = gym.make("DMI/Sitting-v0", max_episode_steps=steps, support="axillae")
    assert steps_to_the_cut(env) == steps
    completion = env.get_wrapper_attr("completion")
    assert completion == pytest.approx(min(1.0, steps / 300), abs=1e-6)
    env.close()


def test_every_environment_of_a_vector_has_the_time_limit() -> None:
    vector = gym.make_vec("DMI/Sitting-v1", num_envs=2, max_episode_steps=5, support="axillae")
    vector.reset(seed=1)
    action = np.zeros((2, 33), np.float32)
    ends = [vector.step(action)[2:4] for _ in range(5)]
    assert [bool(truncated.all()) for _, truncated in ends] == [False] * 4 + [True]
    assert not any(terminated.any() for terminated, _ in ends)
    vector.close()


def test_without_gymnasium_the_exercise_has_its_own_time_limit() -> None:
    env = make("sitting", support="axillae")
    assert steps_to_the_cut(env) == 300
    env.close()


def steps_to_the_cut(env: gym.Env[Any, Any]) -> int:
    env.reset(seed=1)
    zero = np.zeros(env.action_space.shape or (), np.float32)
    for step in range(1, 1000):
        _, _, terminated, truncated, _ = env.step(zero)
        assert not terminated
        if truncated:
            return step
    raise AssertionError("never cut")


def test_a_file_that_is_written_in_another_way_is_read_in_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = Catalog.shipped().load(ExerciseSpec, "sitting").model_dump(mode="json")
    short = {**spec, "duration_s": 2.5, "success": {**spec["success"], "hold_s": 1}}
    own = tmp_path / "envs"
    own.mkdir()
    (own / "short.yaml").write_text(json.dumps(short))
    (own / "broken.yaml").write_text("duration_s: [")
    monkeypatch.setenv("DMI_SIM_FILES", str(tmp_path))
    assert max_episode_steps("short") == 75
    assert max_episode_steps("broken") is None
    assert max_episode_steps("missing") is None


def in_a_new_process(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **environment}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_own_files_named_after_the_import_are_known(tmp_path: Path) -> None:
    """An exercise of one's own is registered, and one that replaces a shipped one counts."""
    text = Catalog.shipped().text(ExerciseSpec, "sitting")
    own = tmp_path / "envs"
    own.mkdir()
    (own / "my_sitting.yaml").write_text(text)
    short = text.replace("duration_s: 10", "duration_s: 2").replace("hold_s: 10", "hold_s: 1")
    (own / "sitting.yaml").write_text(short)
    program = (
        "import os, dmi_sim, gymnasium as gym\n"
        "gym.make('DMI/Sitting-v1').close()\n"
        f"os.environ['DMI_SIM_FILES'] = {str(tmp_path)!r}\n"
        "assert 'DMI/MySitting-v1' in dmi_sim.environments()\n"
        "print(gym.make('DMI/MySitting-v1').spec.max_episode_steps)\n"
        "print(gym.make('DMI/Sitting-v1').spec.max_episode_steps)\n"
    )
    ran = in_a_new_process(program)
    assert ran.stdout.split() == ["300", "60"], ran.stderr


def test_a_missing_folder_of_own_files_is_one_line_where_it_matters() -> None:
    """Importing works, so that the command line can say what is wrong."""
    missing = {"DMI_SIM_FILES": "/no/such/folder"}
    told = "DMI_SIM_FILES: no folder /no/such/folder"
    assert in_a_new_process("import dmi_sim", **missing).returncode == 0
    program = "import dmi_sim, gymnasium as gym; gym.make('DMI/Sitting-v1')"
    last = in_a_new_process(program, **missing).stderr.strip().splitlines()[-1]
    assert last == f"dmi_sim.errors.MachineProblem: {told}"
    program = "import sys; sys.argv = ['dmi-sim', 'list']; from dmi_sim.cli import main; main()"
    ran = in_a_new_process(program, **missing)
    assert ran.returncode == 4
    assert "Traceback" not in ran.stderr
    assert told in ran.stderr


def test_an_id_with_its_module_works_where_nobody_imported_us(tmp_path: Path) -> None:
    """As in workers that a notebook spawns: only the prefix tells them to import the package."""
    program = tmp_path / "as_in_a_notebook.py"
    program.write_text(
        "import numpy as np\n"
        "from stable_baselines3.common.env_util import make_vec_env\n"
        "from stable_baselines3.common.vec_env import SubprocVecEnv\n"
        "if __name__ == '__main__':\n"
        "    vector = make_vec_env('dmi_sim:DMI/Sitting-v1', 2, vec_env_cls=SubprocVecEnv,\n"
        "                          vec_env_kwargs={'start_method': 'spawn'})\n"
        "    vector.reset()\n"
        "    print(vector.step(np.zeros((2, 33), np.float32))[0].shape)\n"
        "    vector.close()\n"
    )
    command = [sys.executable, str(program)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("(2, "), ran.stderr


@pytest.mark.parametrize("name", dmi_sim.environments())
def test_every_id_works_with_its_module(name: str) -> None:
    env = gym.make(f"dmi_sim:{name}", disable_env_checker=True)
    assert env.spec is not None
    assert env.spec.id == name
    env.close()


@pytest.mark.parametrize("name", [*map(environment_id, exercises())])
def test_under_an_id_is_its_own_exercise_and_no_other(name: str) -> None:
    own = gym.spec(name).kwargs["exercise"]
    for said in (own, own.replace("_", " ").title()):
        env = gym.make(name, disable_env_checker=True, exercise=said)
        assert env.get_wrapper_attr("build").config.exercise == own
        env.close()
    for other in set(exercises()) - {own}:
        with pytest.raises(InputError, match=f"{name} is {own}; make '{environment_id(other)}'"):
            gym.make(name, disable_env_checker=True, exercise=other)
    for strange in (one for one in STRANGE if one is not None):
        with pytest.raises(InputError, match=f"exercise: {name} is {own}, not "):
            gym.make(name, disable_env_checker=True, exercise=strange)


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "name", sorted(set(inspect.signature(make).parameters) - {"config", "registered"})
)
def test_whatever_is_given_to_make_is_taken_or_refused_by_name(name: str, value: Any) -> None:
    arguments: dict[str, Any] = {"exercise": "sitting", name: value}
    problem = refusal(lambda: make(**arguments).close())
    assert not problem or name in problem or "envs/" in problem


@pytest.mark.parametrize("side", ["render_width", "render_height"])
def test_a_page_of_the_browser_takes_no_size_and_none_is_opened(
    side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dmi_sim.render.window.Window", None)
    arguments: dict[str, Any] = {side: 640}
    with pytest.raises(InputError, match=f"{side}: the page of 'human' is as large as"):
        make("sitting", "human", **arguments)


def warnings_of(program: str) -> list[str]:
    ran = in_a_new_process(f"import warnings, gymnasium as gym, dmi_sim\n{program}")
    assert ran.returncode == 0, ran.stderr
    return [line for line in ran.stderr.splitlines() if "goes with the next release" in line]


def test_version_0_warns_once_in_a_process_where_it_is_made_and_says_the_way_on() -> None:
    (line,) = warnings_of("for name in ('Sitting', 'Kneeling') * 2: gym.make(f'DMI/{name}-v0')")
    assert line.startswith("<string>:2: DeprecationWarning: DMI/Sitting-v0 goes with")
    assert "make DMI/Sitting-v1 and train anew, see docs/moving-from-0.1.md" in line


def test_version_1_warns_of_nothing() -> None:
    assert warnings_of("gym.make('DMI/Sitting-v1'); gym.make('DMI/Infant-v0')") == []


def test_an_exercise_of_ones_own_of_version_0_is_told_to_take_the_repertoire(
    tmp_path: Path,
) -> None:
    (tmp_path / "envs").mkdir()
    text = Catalog.shipped().text(ExerciseSpec, "sitting_v0")
    (tmp_path / "envs/my_sitting.yaml").write_text(text)
    program = f"import os; os.environ['DMI_SIM_FILES'] = {str(tmp_path)!r}\n"
    (line,) = warnings_of(f"{program}dmi_sim.environments(); gym.make('DMI/MySitting-v0')")
    assert "write `repertoire: infant` in its file" in line


@pytest.mark.parametrize("exercise", old_exercises())
def test_version_0_goes_on_under_its_id_and_gymnasium_says_nothing_of_it_to_us(
    exercise: str,
) -> None:
    assert environment_id(exercise).endswith("-v0")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".* goes with the next release")
        env = make_environment(environment_id(exercise), {})
    assert env.get_wrapper_attr("build").config.exercise == exercise
    env.reset(seed=1)
    env.step(env.action_space.sample())
    env.close()


def test_a_file_of_ones_own_stands_in_place_of_an_old_version_and_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def acting() -> str:
        dmi_sim.environments()
        return gym.registry["DMI/Sitting-v0"].kwargs["exercise"]

    (tmp_path / "envs").mkdir()
    text = Catalog.shipped().text(ExerciseSpec, "sitting_v0")
    (tmp_path / "envs/sitting.yaml").write_text(text)
    assert acting() == "sitting_v0"
    monkeypatch.setenv(OWN_FILES, str(tmp_path))
    assert acting() == "sitting"
    monkeypatch.delenv(OWN_FILES)
    assert acting() == "sitting_v0"
