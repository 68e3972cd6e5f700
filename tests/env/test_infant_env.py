"""One environment of all exercises, with one interface: every policy can be tried in each."""

import copy
import pickle
from collections.abc import Generator
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from stable_baselines3.common.env_checker import check_env as sb3_check_env

from dmi_sim.catalog import Catalog
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.registration import exercises_of_the_infant, make_infant
from dmi_sim.errors import InputError
from dmi_sim.names import INFANT_ID, exercises
from dmi_sim.spec.exercise import N_CUES, ExerciseSpec
from tests.env.episodes import zero_action


@pytest.fixture(scope="module")
def env() -> Generator[PostureEnv]:
    made = infant_env()
    yield made
    made.close()


def infant_env(**arguments: Any) -> PostureEnv:
    made = make_infant(**arguments)
    assert isinstance(made, PostureEnv)
    return made


def exercise_of(env: PostureEnv) -> str:
    return env.build.config.exercise


def trace(env: PostureEnv, steps: int = 4) -> list[list[float]]:
    return [env.step(zero_action(env))[0].tolist() for _ in range(steps)]


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("exercise", exercises())
def test_every_exercise_has_the_interface_of_the_infant(exercise: str, mode: str) -> None:
    infant, alone = infant_env(action_mode=mode), PostureEnv(EnvConfig(exercise, action_mode=mode))
    assert alone.observation_names == infant.observation_names
    assert alone.action_names == infant.action_names
    assert alone.observation_space == infant.observation_space
    assert alone.action_space == infant.action_space
    assert alone.build.actuated.tolist() == infant.build.actuated.tolist()
    if mode == "posture":
        assert (alone.build.angle_matrix == infant.build.angle_matrix).all()


@pytest.mark.parametrize("exercise", exercises())
def test_an_exercise_by_option_is_the_one_under_its_own_id(env: PostureEnv, exercise: str) -> None:
    """Same seed, same numbers: of the start, of what is felt and of what follows."""
    alone = PostureEnv(EnvConfig(exercise))
    for options in ({}, {"age_months": 10.0}):
        felt, _ = env.reset(seed=5, options={"exercise": exercise, **options})
        assert exercise_of(env) == exercise
        assert felt.tolist() == alone.reset(seed=5, options=options)[0].tolist()
        assert trace(env) == trace(alone)
    alone.close()


def test_an_exercise_is_drawn_and_the_same_seed_draws_the_same(env: PostureEnv) -> None:
    drawn: list[str] = []
    for seed in range(12):
        env.reset(seed=seed)
        drawn.append(exercise_of(env))
    for seed in (3, 7):
        env.reset(seed=seed)
        assert exercise_of(env) == drawn[seed]
    assert len(set(drawn)) > 3


def test_resets_without_a_seed_draw_on(env: PostureEnv) -> None:
    def three() -> list[str]:
        env.reset(seed=1)
        found: list[str] = []
        for _ in range(3):
            env.reset()
            found.append(exercise_of(env))
        return found

    assert three() == three()


def test_only_exercises_that_offer_the_hands_and_the_pushes_are_drawn(env: PostureEnv) -> None:
    specs = {name: Catalog.shipped().load(ExerciseSpec, name) for name in exercises()}
    for seed in range(6):
        env.reset(seed=seed, options={"support": "hands"})
        assert "hands" in specs[exercise_of(env)].supports
        env.reset(seed=seed, options={"support": {"site": "thighs", "firmness": 0.5}})
        assert "thighs" in specs[exercise_of(env)].supports
        env.reset(seed=seed, options={"pushes": True})
        assert specs[exercise_of(env)].pushes is not None


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"exercise": "siting"}, "exercise: no 'siting'; did you mean 'sitting'"),
        ({"exercise": "sitting_v0"}, "exercise: no 'sitting_v0'; did you mean 'sitting'"),
        ({"exercise": "pull_to_sit", "support": "none"}, "support: no 'none' in pull_to_sit"),
        ({"support": "elbows"}, "support: no exercise offers 'elbows'"),
        ({"exercise": 7}, "exercise: no 7"),
    ],
)
def test_options_that_fit_no_exercise_are_refused(
    env: PostureEnv, options: dict[str, Any], refusal: str
) -> None:
    env.reset(seed=2, options={"exercise": "kneeling"})
    before = trace(env, 2)
    env.reset(seed=2, options={"exercise": "kneeling"})
    for refused in (env.reset, env.set_default_options):
        with pytest.raises(InputError, match=refusal):
            refused(options=options)
    assert trace(env, 2) == before


def test_an_environment_of_one_exercise_says_where_the_others_are() -> None:
    with pytest.raises(InputError, match=f"this environment is sitting; {INFANT_ID} has them all"):
        PostureEnv(EnvConfig("sitting")).reset(options={"exercise": "standing"})


def test_arguments_that_only_some_exercises_know_choose_among_them() -> None:
    env = infant_env(support="hands")
    for seed in range(4):
        env.reset(seed=seed)
        assert env.support_schedule.site == ("hands",)
    env.close()
    with pytest.raises(InputError, match="support: no exercise offers 'elbows'"):
        infant_env(support="elbows")


def test_an_exercise_named_at_making_stands_where_no_reset_says_another() -> None:
    env = infant_env(exercise="stand")
    env.reset(seed=1)
    assert exercise_of(env) == "standing"
    env.reset(seed=1, options={"exercise": "sitting"})
    assert exercise_of(env) == "sitting"
    env.close()


def test_each_exercise_has_its_own_age_unless_one_is_asked_for(env: PostureEnv) -> None:
    for name in ("prone_propping", "walking"):
        env.reset(seed=1, options={"exercise": name})
        assert env.build.config.age_months == Catalog.shipped().load(ExerciseSpec, name).age_months
        env.reset(seed=1, options={"exercise": name, "age_months": 6.0})
        assert env.build.config.age_months == 6.0


def test_every_exercise_is_cued_and_no_two_alike() -> None:
    cues = [Catalog.shipped().load(ExerciseSpec, name).cue for name in exercises()]
    assert None not in cues
    assert len(set(cues)) == len(cues)


def test_a_state_leads_back_into_its_exercise(env: PostureEnv) -> None:
    env.reset(seed=4, options={"exercise": "kneeling"})
    trace(env)
    state = pickle.loads(pickle.dumps(env.get_state()))
    expected = trace(env)
    env.reset(seed=5, options={"exercise": "standing"})
    for other in (env, infant_env()):
        other.set_state(state)
        assert exercise_of(other) == "kneeling"
        assert trace(other) == expected


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_goes_on_in_the_exercise_and_draws_the_next_one_alike(copied: Any) -> None:
    env = infant_env(sex="male")
    env.reset(seed=8, options={"exercise": "quadruped"})
    trace(env)
    twin = copied(env)
    assert trace(twin) == trace(env)
    for one in (env, twin):
        one.reset()
    assert exercise_of(twin) == exercise_of(env)
    assert trace(twin) == trace(env)
    env.close()
    twin.close()


@pytest.mark.filterwarnings("ignore:.*")  # Gymnasium finds no entry of it: a warning
def test_both_checkers_pass() -> None:
    env = gym.make(INFANT_ID, disable_env_checker=True)
    check_env(env.unwrapped, skip_render_check=True)
    sb3_check_env(env)
    env.close()


def test_a_vector_of_infants_plays_several_exercises() -> None:
    vector = gym.make_vec(INFANT_ID, num_envs=2)
    felt, _ = vector.reset(seed=1)
    assert felt.shape[0] == 2
    action = np.zeros(vector.action_space.shape or (), np.float32)
    felt, reward, *_ = vector.step(action)
    assert np.isfinite(felt).all()
    assert np.isfinite(reward).all()
    vector.close()


def test_an_exercise_of_ones_own_with_the_repertoire_joins_and_gets_a_cue(tmp_path: Path) -> None:
    text = Catalog.shipped().text(ExerciseSpec, "kneeling")
    own = tmp_path / "envs/high_kneeling.yaml"
    own.parent.mkdir()
    own.write_text("".join(one for one in text.splitlines(True) if not one.startswith("cue:")))
    catalog = Catalog(tmp_path, *Catalog.shipped().roots)
    assert "high_kneeling" in exercises_of_the_infant(catalog)
    env = infant_env(catalog=catalog)
    env.reset(seed=1, options={"exercise": "high_kneeling"})
    names = {f"cue[{place}]": place for place in range(N_CUES)}
    felt = env.step(zero_action(env))[0]
    said = [names[n] for n, x in zip(env.observation_names, felt, strict=True) if n in names and x]
    taken = {catalog.load(ExerciseSpec, name).cue for name in exercises()}
    assert len(said) == 1
    assert said[0] not in taken
    env.close()


def test_version_0_is_no_exercise_of_the_infant() -> None:
    assert set(exercises_of_the_infant(Catalog.shipped())) == set(exercises())
