"""Controllers from elsewhere act here as they do at home, or are refused in one line."""

import random
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stable_baselines3 import A2C, DDPG, DQN, PPO, SAC, TD3

from dmi_sim.errors import InputError
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.recorder import record_episode
from dmi_sim.training import foreign
from dmi_sim.training.foreign import load_foreign
from dmi_sim.training.library import open_controller, open_for_assessment, shipped_folder
from tests.onnx_files import linear_onnx

OBSERVATION = np.array([0.5, -0.5], np.float32)
LITTLE: dict[str, Any] = {"buffer_size": 10}

OWN = """
import numpy as np

number, text = 3, "act"

def act(observation):
    return -observation[:1]

class Counting:
    def predict(self, observation, state=None, episode_start=None, deterministic=True):
        count = 0 if state is None else state[0] + 1
        return np.array([0.1 * count]), (count,)

counting = Counting()

class Hard:
    def __init__(self):
        raise RuntimeError("no weights here")

def broken(observation):
    return observation[7]

def endless(observation):
    return np.array([np.inf])

def two(observation):
    return np.zeros(2)

def words(observation):
    return "left"

def nothing(observation):
    pass
"""


@pytest.fixture
def env(leaning: str) -> Iterator[Env]:
    with closing(make_environment(leaning, {})) as env:
        yield env


def module(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write ``own_controllers.py`` into a folder, in which the caller then is."""
    (folder / "own_controllers.py").write_text(text)
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "own_controllers", raising=False)


def refusal(source: str | Path, env: Env) -> str:
    """The one line with which a controller is refused, at once or at its first answer."""
    with pytest.raises(InputError) as caught:
        load_foreign(source, env).predict(OBSERVATION)
    (line,) = caught.value.problems
    assert "\n" not in line
    assert line.startswith(str(source))
    return line


@pytest.mark.parametrize("algorithm", [A2C, DDPG, PPO, SAC, TD3])
def test_a_model_file_acts_as_its_model(algorithm: Any, env: Env, tmp_path: Path) -> None:
    model = algorithm("MlpPolicy", env, device="cpu", seed=1)
    model.save(tmp_path / "model.zip")
    loaded = load_foreign(tmp_path / "model.zip", env)
    for seen in (OBSERVATION, np.stack([OBSERVATION, -OBSERVATION])):
        expected, _ = model.predict(seen, deterministic=True)
        assert loaded.predict(seen)[0] == pytest.approx(expected)
    played = [record_episode(env, one, 5).total_reward for one in (loaded, model)]
    assert played[0] == pytest.approx(played[1])


@pytest.mark.parametrize("rank", [1, 2])
def test_an_onnx_file_acts(env: Env, tmp_path: Path, rank: int) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "net.onnx").write_bytes(linear_onnx(np.array([[-0.5], [0.25]]), rank))
    loaded = load_foreign(tmp_path / "net.onnx", env)
    assert loaded.predict(OBSERVATION)[0] == pytest.approx([-0.375])
    assert loaded.predict(8 * OBSERVATION)[0] == pytest.approx([-1.0])  # within the bounds
    if rank == 2:
        assert loaded.predict(np.stack([OBSERVATION] * 3))[0].shape == (3, 1)


@pytest.mark.parametrize("name", ["Counting", "counting"])
def test_an_object_remembers_what_it_gives_back(
    name: str, env: Env, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(tmp_path, OWN, monkeypatch)
    controller, state = load_foreign(f"own_controllers:{name}", env), None
    for count in range(3):
        action, state = controller.predict(OBSERVATION, state)
        assert action == pytest.approx([0.1 * count])


def test_a_function_acts(env: Env, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, OWN, monkeypatch)
    action, _ = load_foreign("own_controllers:act", env).predict(OBSERVATION)
    assert action == pytest.approx([-0.5])
    assert action.dtype == np.float32


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("akt", "no 'akt' in own_controllers; did you mean 'act'?"),
        ("number", "of type int, neither a function nor with predict"),
        ("text", "of type str, neither a function nor with predict"),
        ("Hard", "cannot be made: RuntimeError: no weights here"),
        ("broken", "IndexError: index 7 is out of bounds"),
        ("endless", "not finite"),
        ("two", "action of shape (2,), not (1,)"),
        ("words", "ValueError: could not convert string"),
        ("nothing", "not (1,)"),
    ],
)
def test_a_function_that_cannot_act_is_named(
    name: str, reason: str, env: Env, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(tmp_path, OWN, monkeypatch)
    assert reason in refusal(f"own_controllers:{name}", env)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def act(:", "cannot be imported: SyntaxError"),
        ("import nowhere_at_all", "no module 'nowhere_at_all'"),
        ("1 / 0", "cannot be imported: ZeroDivisionError"),
    ],
)
def test_a_module_that_cannot_be_imported_is_named(
    text: str, reason: str, env: Env, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(tmp_path, text, monkeypatch)
    assert reason in refusal("own_controllers:act", env)


def test_a_module_that_is_not_there_is_named(env: Env) -> None:
    assert "no module 'nowhere_at_all'" in refusal("nowhere_at_all:act", env)


@pytest.mark.parametrize("suffix", [".zip", ".onnx"])
def test_files_that_are_none_are_named(suffix: str, env: Env, tmp_path: Path) -> None:
    if suffix == ".onnx":
        pytest.importorskip("onnxruntime")
    path = tmp_path / f"model{suffix}"
    assert "no such file" in refusal(path, env)
    for content in (b"", b"PK", b"\x00" * 1000, b"a text\n" * 10):
        path.write_bytes(content)
        assert "no whole" in refusal(path, env)


def test_a_cut_model_file_is_named(env: Env, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    PPO("MlpPolicy", env, device="cpu").save(path)
    data = path.read_bytes()
    for kept in (100, len(data) // 2, len(data) - 5):
        path.write_bytes(data[:kept])
        assert "no whole model file" in refusal(path, env)


def test_a_model_file_without_its_parts_is_named(env: Env, tmp_path: Path) -> None:
    path, lacking = tmp_path / "model.zip", tmp_path / "lacking.zip"
    PPO("MlpPolicy", env, device="cpu").save(path)
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(lacking, "w") as part:
        for name in ("data", "_stable_baselines3_version", "system_info.txt"):
            part.writestr(name, whole.read(name))
    assert "not read by stable_baselines3's PPO" in refusal(lacking, env)


def test_a_flipped_bit_in_a_model_file_is_found_by_its_checksum(env: Env, tmp_path: Path) -> None:
    path, rng = tmp_path / "model.zip", random.Random(0)
    PPO("MlpPolicy", env, device="cpu").save(path)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        inside = archive.getinfo("policy.pth")
    for _ in range(20):
        place = inside.header_offset + 200 + rng.randrange(inside.file_size - 200)
        flipped = bytearray(data)
        flipped[place] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        assert "damaged: wrong checksum of policy.pth" in refusal(path, env)


def test_a_network_of_a_bundle_is_no_model_file(env: Env) -> None:
    path = shipped_folder() / "sitting_0/policy.zip"
    assert "give the bundle's folder" in refusal(path, env)


def test_models_of_other_spaces_are_refused(env: Env, tmp_path: Path) -> None:
    with closing(make_environment("Pendulum-v1", {})) as pendulum:
        SAC("MlpPolicy", pendulum, device="cpu", **LITTLE).save(tmp_path / "other.zip")
    assert "observation space Box(" in refusal(tmp_path / "other.zip", env)
    with closing(make_environment("CartPole-v1", {})) as cart:
        DQN("MlpPolicy", cart, device="cpu", **LITTLE).save(tmp_path / "discrete.zip")
    assert "space" in refusal(tmp_path / "discrete.zip", env)


def test_an_onnx_file_of_other_shapes_is_refused(env: Env, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    path = tmp_path / "net.onnx"
    path.write_bytes(linear_onnx(np.zeros((3, 1)), 2))
    assert "not of 2 numbers" in refusal(path, env)
    path.write_bytes(linear_onnx(np.zeros((2, 4)), 2))
    assert "action of shape (4,), not (1,)" in refusal(path, env)


def test_what_is_not_installed_is_named(
    env: Env, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "find_spec", lambda _: None)
    (tmp_path / "net.onnx").write_bytes(b"")
    assert "pip install 'dmi-sim[onnx]'" in refusal(tmp_path / "net.onnx", env)
    PPO("MlpPolicy", env, device="cpu").save(tmp_path / "model.zip")
    assert "not installed: pip install stable_baselines3" in refusal(tmp_path / "model.zip", env)


def test_a_controller_from_elsewhere_must_be_told_where() -> None:
    with (
        pytest.raises(InputError, match="say in which environment, as --environment"),
        open_controller("own_controllers:act"),
    ):
        pass


def test_a_controller_from_elsewhere_acts_in_an_infant_and_in_an_assessment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(tmp_path, "import numpy as np\ndef still(seen): return np.zeros(33)", monkeypatch)

    def played(env: Env, controller: Controller | None) -> float:
        return record_episode(env, controller, 3).total_reward

    source = "own_controllers:still"
    with open_controller(source, {}, "sitting") as (env, controller):
        from_elsewhere = played(env, controller)
        assert from_elsewhere == played(env, None)
    with open_for_assessment(source, "sitting", {}) as (env, controller):
        assert played(env, controller) == from_elsewhere
