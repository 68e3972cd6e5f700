"""Back to a state, exact to the bit: in the same process, in a copy, in another process."""

import copy
import inspect
import pickle
import subprocess
import sys
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from gymnasium.error import ResetNeeded

from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import exercises

OPTIONS: dict[str, Any] = {"age_months": 9.5, "support_strength": 0.4}


@pytest.fixture(scope="module", params=[(e, m) for e in exercises() for m in ACTION_MODES], ids=str)
def env(request: pytest.FixtureRequest) -> Generator[PostureEnv, None, None]:
    exercise, mode = request.param
    made = PostureEnv(EnvConfig(exercise, action_mode=mode))
    yield made
    made.close()


def go_on(env: PostureEnv, steps: int, seed: int) -> list[Any]:
    """Steps with random actions from where the environment is, everything that they give."""
    random, trace = np.random.default_rng(seed), []
    for _ in range(steps):
        action = 0.3 * random.uniform(-1, 1, len(env.action_names)).astype(np.float32)
        observation, reward, terminated, truncated, info = env.step(action)
        told = {key: np.asarray(value).tolist() for key, value in info.items()}
        trace.append((observation.tolist(), reward, terminated, truncated, told))
        if terminated or truncated:
            break
    return trace


def treated(env: PostureEnv) -> None:
    """An infant of another age in the middle of an episode, after all kinds of interventions."""
    env.reset(seed=6, options=OPTIONS)
    go_on(env, 2, seed=1)
    env.hold(env.build.spec.supports[0], 0.6)
    env.push("left", impulse_n_s=0.4)
    env.pull("pelvis", force_n=(0, 0, 2))
    go_on(env, 2, seed=2)


def test_from_a_state_everything_goes_on_as_it_did(env: PostureEnv) -> None:
    treated(env)
    state = env.get_state()
    first = go_on(env, 6, seed=3)
    env.set_state(state)
    assert go_on(env, 6, seed=3) == first
    env.reset(seed=99)  # another infant, another episode
    go_on(env, 3, seed=4)
    env.set_state(state)
    assert go_on(env, 6, seed=3) == first
    assert env.get_state().steps == 4 + len(first)


def test_taking_a_state_changes_nothing(env: PostureEnv) -> None:
    treated(env)
    first = go_on(env, 4, seed=3)
    treated(env)
    env.get_state()
    assert go_on(env, 4, seed=3) == first


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_goes_on_where_the_environment_is(env: PostureEnv, copied: Any) -> None:
    treated(env)
    twin = copied(env)
    assert go_on(twin, 6, seed=3) == go_on(env, 6, seed=3)
    # And the next episode too, without a seed.
    assert twin.reset()[0].tolist() == env.reset()[0].tolist()
    twin.close()


def test_a_state_is_good_in_another_process() -> None:
    env = PostureEnv(EnvConfig("pull_to_sit"))
    treated(env)
    program = (
        "import sys, pickle\n"
        "from typing import Any\n"
        "import numpy as np\n"
        "from dmi_sim.env.config import EnvConfig\n"
        "from dmi_sim.env.posture_env import PostureEnv\n"
        f"{inspect.getsource(go_on)}\n"
        "env = PostureEnv(EnvConfig('pull_to_sit'))\n"
        "env.set_state(pickle.load(sys.stdin.buffer))\n"
        "print(go_on(env, 8, seed=3))\n"
    )
    state = pickle.dumps(env.get_state())
    ran = subprocess.run(
        [sys.executable, "-c", program], input=state, capture_output=True, check=True
    )
    assert ran.stdout.decode().strip() == str(go_on(env, 8, seed=3))
    env.close()


def test_the_numbers_drawn_by_a_user_between_steps_are_carried_too() -> None:
    env = PostureEnv(EnvConfig("sitting"))
    env.reset(seed=1)
    env.np_random.random(5)
    twin = copy.deepcopy(env)
    assert twin.np_random.random() == env.np_random.random()
    env.action_space.seed(4)
    env.action_space.sample()
    twin = copy.deepcopy(env)
    assert twin.action_space.sample().tolist() == env.action_space.sample().tolist()
    env.close()
    twin.close()


def test_a_copy_before_the_first_reset_has_no_episode_either() -> None:
    env = PostureEnv(EnvConfig("sitting"))
    twin = copy.deepcopy(env)
    with pytest.raises(ResetNeeded):
        twin.get_state()
    assert twin.reset(seed=1)[0].tolist() == env.reset(seed=1)[0].tolist()
    env.close()
    twin.close()


def test_a_state_after_the_end_is_one_too() -> None:
    env = PostureEnv(EnvConfig("sitting"))
    env.reset(seed=1)
    go_on(env, 400, seed=1)
    twin = copy.deepcopy(env)
    with pytest.raises(ResetNeeded, match="the episode is over"):
        twin.step(np.zeros(len(env.action_names), np.float32))
    assert twin.state.time_s == env.state.time_s
    env.close()
    twin.close()


def test_a_state_of_another_environment_is_refused_and_changes_nothing() -> None:
    env, other = PostureEnv(EnvConfig("sitting")), PostureEnv(EnvConfig("sitting", age_months=8))
    env.reset(seed=1)
    other.reset(seed=1)
    with pytest.raises(InputError, match="which does not fit"):
        env.set_state(other.get_state())
    nothing: Any = None
    with pytest.raises(InputError, match="state: None is none"):
        env.set_state(nothing)
    assert env.infant.config.age_months == 7
    env.close()
    other.close()


def test_hands_are_kept_as_they_were_when_they_took_hold() -> None:
    env = PostureEnv(EnvConfig("sitting"))
    env.reset(seed=1)
    hands: dict[str, Any] = {"site": "pelvis", "firmness": 1.0}
    env.hold(hands)
    env.step(np.zeros(len(env.action_names), np.float32))
    state, held = env.get_state(), env.state.support_force_n
    hands["firmness"] = 0.0
    env.set_state(state)
    assert env.state.support_force_n == held > 0
    env.close()
