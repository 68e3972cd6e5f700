"""Every command that takes a policy takes every kind, and refuses it in the same words."""

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from stable_baselines3 import PPO

import dmi_sim
from dmi_sim.assessments.exercise_comparison.procedure import compare
from dmi_sim.cli import app, assess
from dmi_sim.cli.assess.exercises import exercises
from dmi_sim.cli.assess.hands import hands
from dmi_sim.cli.assess.ladder import ladder
from dmi_sim.cli.assess.responses import responses
from dmi_sim.cli.assess.segmental import segmental
from dmi_sim.cli.evaluate import evaluate
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.trial import run_trial
from dmi_sim.training.library import load_policies, load_policy_for, open_controller
from tests.assessments.bundles import save_sitter
from tests.onnx_files import linear_onnx

OWN = """
import numpy as np

def act(observation):
    return np.full(33, 0.25)

def broken(observation):
    raise RuntimeError("no idea")

class Acting:
    def predict(self, observation, state=None, episode_start=None, deterministic=True):
        return np.full(33, 0.25), state
"""


def sitting_of(policy: str) -> str:
    """The version of sitting in which a policy is tried: the shipped ones are of version 0."""
    return "sitting_v0" if policy in ("sitting_0", "kneeling_0") else "sitting"


def loaded(policy: str) -> None:
    env = make_environment(environment_id(sitting_of(policy)), {})
    run_trial(env, dmi_sim.load_policy(policy, env=env), 1)


def opened(policy: str) -> None:
    with open_controller(policy, {}, sitting_of(policy)) as (env, controller):
        run_trial(env, controller, 1)


def loaded_for_an_infant(policy: str) -> None:
    env = make_environment(environment_id(sitting_of(policy)), {})
    run_trial(env, load_policy_for({}, policy, sitting_of(policy)), 1)


COMMANDS: dict[str, Callable[[str], object]] = {
    "evaluate": lambda policy: evaluate(policy, environment=sitting_of(policy), episodes=1),
    "hands": lambda policy: hands(
        policy, sitting_of(policy), like="axillae", sites="pelvis", episodes=2
    ),
    "segmental": lambda policy: segmental(policy),
    "responses": lambda policy: responses(policy),
    "ladder": lambda policy: ladder(policy, exercises="sitting", sites="none"),
    "exercises": lambda policy: exercises(policy, exercises="sitting", episodes=1),
}
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "load_policy": loaded,
    "open_controller": opened,
    "load_policy_for": loaded_for_an_infant,
    "compare": lambda policy: compare(sitting_of(policy), [policy], 1),
}
TAKERS = {**COMMANDS, **FUNCTIONS}
KINDS = ("sitting_0", "mine", "model.zip", "net.onnx", "own_acts:act", "own_acts:Acting")


class Acted(Exception):  # noqa: N818 - what the test waits for
    """A policy moved the infant."""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a policy of each kind for sitting."""
    folder = tmp_path_factory.mktemp("kinds")
    save_sitter(folder / "mine")
    env = make_environment("DMI/Sitting-v1", {})
    PPO("MlpPolicy", env, device="cpu", seed=1).save(folder / "model.zip")
    size = (env.observation_space.shape or (0,))[0]
    env.close()
    (folder / "net.onnx").write_bytes(linear_onnx(np.full((size, 33), 0.1), rank=2))
    (folder / "own_acts.py").write_text(OWN)
    return folder


@pytest.fixture
def here(kinds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder as the working folder; whoever moves the infant ends the test."""
    step: Any = PostureEnv.step

    def stop_if_moved(self: PostureEnv, action: Any) -> Any:
        if np.any(action):
            raise Acted
        return step(self, action)

    monkeypatch.chdir(kinds)
    monkeypatch.setattr(PostureEnv, "step", stop_if_moved)
    return kinds


def test_these_are_all_commands_that_take_a_policy() -> None:
    groups: tuple[typer.Typer, ...] = (app, assess.app)
    works = [one.callback for group in groups for one in group.registered_commands]
    takes = {one.__name__ for one in works if one and "policy" in signature(one).parameters}
    assert takes == set(COMMANDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("taker", TAKERS)
def test_every_kind_of_policy_acts(taker: str, kind: str, here: Path) -> None:
    if kind.endswith(".onnx"):
        pytest.importorskip("onnxruntime")
    with pytest.raises(Acted):
        TAKERS[taker](kind)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("siting_0", "did you mean 'sitting_0'"),
        ("kneeling_0", "practised kneeling_v0, not sitting_v0"),
        ("nowhere.zip", "nowhere.zip: no such file"),
        ("nowhere.onnx", "nowhere.onnx: no such file"),
        ("damaged.zip", "no whole model file"),
        ("no_module:act", "no module 'no_module'"),
        ("own_acts:akt", "did you mean 'act'"),
        ("own_acts:broken", "own_acts:broken: RuntimeError: no idea"),
    ],
)
def test_all_refuse_a_policy_in_the_same_words(bad: str, message: str, here: Path) -> None:
    (here / "damaged.zip").write_bytes(b"damaged")
    told = set[tuple[str, ...]]()
    for take in TAKERS.values():
        with pytest.raises(InputError, match=message) as caught:
            take(bad)
        told.add(caught.value.problems)
    assert len(told) == 1


def test_files_from_elsewhere_stand_in_a_folder_of_policies_by_name(
    here: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitting_3.zip").write_bytes((here / "model.zip").read_bytes())
    assert list(load_policies(tmp_path, 3, {}, ["sitting", "standing"])) == ["sitting"]
    for work in (ladder, exercises):
        words: dict[str, Any] = {"seed": 3, "sites": "none"} if work is ladder else {}
        with pytest.raises(Acted):
            work(policies=tmp_path, exercises="sitting", **words)


@pytest.mark.parametrize("work", [ladder, exercises], ids=lambda work: work.__name__)
def test_one_policy_for_all_exercises_is_asked_for_once(
    work: Callable[..., object], here: Path
) -> None:
    with pytest.raises(Acted):
        work("sitting_0")  # in the exercise that it practised
    with pytest.raises(InputError, match=r"own_acts:act: say in which exercises"):
        work("own_acts:act")
    with pytest.raises(InputError, match="--policies: not together with the policy sitting_0"):
        work("sitting_0", policies=here)
    with pytest.raises(InputError, match="practised sitting_v0, not sitting_tilt_v0"):
        work("sitting_0", exercises="sitting_tilt")
    with pytest.raises(Acted):
        work("sitting_0", exercises="sitting_tilt", allow_other_exercise=True)


def test_reflexes_only_goes_with_no_policy() -> None:
    with pytest.raises(InputError, match="--reflexes-only: not together with the policy"):
        ladder("sitting_0", reflexes_only=True)


@pytest.mark.parametrize(
    ("support", "shares"), [("none", None), ("axillae", (0.0, 1.0)), ("feet", (1.0, 0.0))]
)
def test_success_in_hands_is_credited_to_who_brought_it_about(
    support: str, shares: tuple[float, float] | None
) -> None:
    told = evaluate("sitting_0", episodes=2, support=support)
    assert ("silent muscles and reflexes alone" in told.text) == (shares is not None)
    assert ("credit" in told.data) == (shares is not None)
    if shares:
        credit = told.data["credit"]
        assert (credit["child"], credit["hands"]) == shares
        assert credit["episodes"] == ["child" if shares[0] else "hands"] * 2
