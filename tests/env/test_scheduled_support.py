"""Episodes in which hands follow a schedule: where it is constant, they are plain hands."""

from collections.abc import Generator
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.spec.support_schedule import SupportScheduleFile
from tests.env.episodes import play, zero_action
from tests.spec.test_support_schedule import RULES

WATCHED = {"steps_after_end": True}
SCHEDULES = Catalog.shipped().names(SupportScheduleFile)


@pytest.fixture(scope="module", params=exercises())
def any_env(request: pytest.FixtureRequest) -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig(request.param))
    yield made
    made.close()


@pytest.fixture(scope="module")
def sitter() -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig("sitting", support="axillae"))
    yield made
    made.close()


def forces_n(env: PostureEnv, support: Any, steps: int = 60, strength: float = 1.0) -> list[float]:
    """Force of the hands on an infant with silent muscles, control step by control step."""
    options = {"support": support, "support_strength": strength, "silent_muscles": True, **WATCHED}
    env.reset(seed=1, options=options)
    return [env.step(zero_action(env))[4]["support_force_n"] for _ in range(steps)]


def test_a_constant_schedule_is_the_plain_support_to_the_bit(any_env: PostureEnv) -> None:
    for site in any_env.build.spec.supports:
        plain = play(any_env, 6, options={"support": site, "support_strength": 0.5})
        for schedule in (
            {"site": site, "firmness": 0.5},
            {"site": [site], "firmness": {"from": 0.5, "to": 0.5, "by": "time", "over_s": 1}},
            {"site": site, "firmness": {"from": 0.5, "by": "need"}},
        ):
            options = {"support": schedule, "support_strength": 1.0}
            assert play(any_env, 6, options=options) == plain


def test_firmness_and_support_strength_multiply(sitter: PostureEnv) -> None:
    plain = play(sitter, 20, options={"support": "waist", "support_strength": 0.25})
    schedule = {"site": "waist", "firmness": 0.5}
    assert play(sitter, 20, options={"support": schedule, "support_strength": 0.5}) == plain


def test_a_schedule_that_fades_takes_the_force_of_the_hands_away(any_env: PostureEnv) -> None:
    fading = {"from": 1, "to": 0, "by": "time", "over_s": 0.5}
    for site in any_env.build.spec.supports:
        if site == "none":
            continue
        kept = np.array(forces_n(any_env, site, steps=24))
        faded = np.array(forces_n(any_env, {"site": site, "firmness": fading}, steps=24))
        assert (faded[16:] == 0).all()
        assert (kept[16:] > 0).all()
        assert any_env.state.support_site == "none"


def test_hands_soften_step_by_step(sitter: PostureEnv) -> None:
    sitter.reset(options={"support": {"site": "axillae", "firmness": RULES["time"]}, **WATCHED})
    strengths: list[float] = []
    for _ in range(149):
        sitter.step(zero_action(sitter))
        strengths.append(sitter.state.support_strength)
    assert strengths[:30] == [1.0] * 30  # it begins after a second
    assert strengths[30:] == pytest.approx(np.linspace(1, 0, 121)[:119].tolist(), abs=1e-9)


def test_hands_that_come_in_later_take_hold_of_the_infant_as_it_then_is(sitter: PostureEnv) -> None:
    coming = {"from": 0, "to": 1, "by": "time", "after_s": 0.5, "over_s": 0.5}
    forces = forces_n(sitter, {"site": "axillae", "firmness": coming}, steps=90)
    assert forces[:15] == [0.0] * 15
    assert forces[16] < 0.1 * 9.81 * sitter.infant.mass_kg  # no jerk
    assert forces[-1] > 5.0


def test_a_plain_support_in_the_middle_of_an_episode_ends_a_fading(sitter: PostureEnv) -> None:
    sitter.reset(options={"support": {"site": "axillae", "firmness": RULES["time"]}, **WATCHED})
    sitter.hold("pelvis", 0.4)
    for _ in range(60):
        sitter.step(zero_action(sitter))
    assert (sitter.state.support_site, sitter.state.support_strength) == ("pelvis", 0.4)


def test_hands_that_let_go_do_not_come_back(sitter: PostureEnv) -> None:
    sitter.reset(options={"support": {"site": "axillae", "firmness": RULES["time"]}, **WATCHED})
    sitter.let_go()
    sitter.step(zero_action(sitter))
    assert sitter.state.support_force_n == 0


def test_a_fading_and_a_path_are_counted_from_when_hands_take_hold(any_env: PostureEnv) -> None:
    path = [{"time_s": 0, "offset": [0, 0, 0]}, {"time_s": 0.4, "offset": [0, 0, 0.02]}]
    schedule = {
        "site": any_env.build.spec.supports[0],
        "firmness": {"from": 1, "to": 0, "by": "time", "after_s": 0.5, "over_s": 0.3},
    }
    still = held_after_ten_steps(any_env, {**schedule, "motion": {}})
    moved = held_after_ten_steps(any_env, {**schedule, "motion": {"path": path}})
    for trace in (still, moved):
        strengths = [strength for _, strength in trace]
        assert strengths[14] == 1.0
        assert 0 < strengths[19] < 1
        assert strengths[-1] == 0.0
    # A path that had run for ten steps already would begin with a third of the weight.
    assert abs(moved[0][0] - still[0][0]) < 0.15


def held_after_ten_steps(env: PostureEnv, support: Any) -> list[tuple[float, float]]:
    """Force over body weight and strength of hands that take hold after ten control steps."""
    env.reset(seed=1, options={"support_strength": 0.0, **WATCHED})
    for _ in range(10):
        env.step(zero_action(env))
    env.hold(support)
    trace: list[tuple[float, float]] = []
    for _ in range(30):
        env.step(zero_action(env))
        share = env.state.support_force_n / env.world.weight_n
        trace.append((share, env.state.support_strength))
    return trace


def test_motion_of_a_schedule_stands_in_place_of_that_of_the_exercise() -> None:
    env = PostureEnv(EnvConfig("walking"))
    still = {"site": "axillae", "motion": {}}
    following = forces_n(env, "axillae", 60)
    assert forces_n(env, still, 60) != following
    assert forces_n(env, {"site": "axillae"}, 60) == following
    env.close()


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_shipped_schedule_stands_where_a_site_may_stand(name: str) -> None:
    content = Catalog.shipped().load(SupportScheduleFile, name).support
    env = PostureEnv(EnvConfig("sitting", support=name))
    assert env.support_schedule == content
    env.reset(options={"support": name})
    env.step(zero_action(env))
    assert env.state.support_site == content.site[0]
    env.close()


def test_a_schedule_takes_the_words_of_therapists_for_sites(sitter: PostureEnv) -> None:
    worded = {"site": ["armpits", "hips"], "move_after": {"success": 0.5}}
    assert sitter.build.schedule(worded).site == ("axillae", "pelvis")


def test_gymnasium_takes_a_schedule_as_plain_data() -> None:
    env = gym.make("DMI/Sitting-v1", support={"site": "pelvis", "firmness": RULES["need"]})
    assert env.spec is not None
    assert gym.make(gym.spec(env.spec.id)).spec is not None
    assert '"by": "need"' in env.spec.to_json()
    env.close()


@pytest.mark.parametrize(
    ("support", "line"),
    [
        ("axilae", "support: no 'axilae' in sitting; did you mean 'axillae'?"),
        ("as_neded", "support: no 'as_neded' in sitting; did you mean 'as_needed'?"),
        ({"site": "forearms"}, "support.site: no 'forearms' in sitting; known: axillae, feet"),
        (
            {"site": ["waist", "belly"], "move_after": {"success": 1}},
            "support.site: no 'belly' in ",
        ),
        ({"site": "waist", "firmness": 3}, "support: firmness: Input should be less than or equal"),
        ({"firmness": 1}, "support: site: this key is missing"),
        (3, "support: Input should be a valid dictionary"),
    ],
)
def test_a_wrong_schedule_is_refused_before_anything_happens(
    sitter: PostureEnv, support: Any, line: str
) -> None:
    sitter.reset(seed=0)
    before = sitter.state
    for attempt in (
        lambda: sitter.reset(options={"support": support}),
        lambda: sitter.hold(support),
        lambda: PostureEnv(EnvConfig("sitting", support=support)),
    ):
        with pytest.raises(InputError) as refused:
            attempt()
        assert str(refused.value).startswith(line)
    assert sitter.state is before


def test_no_schedule_changes_the_reward_of_a_state(any_env: PostureEnv) -> None:
    """Nothing rewards hands: where the body is the same, so is every term of the reward."""
    site = any_env.build.spec.supports[0]
    told: list[Any] = []
    for firmness in (
        1.0,
        {"from": 1, "to": 0, "by": "time", "over_s": 0.2},
        {"from": 1, "by": "need"},
    ):
        any_env.reset(seed=3, options={"support": {"site": site, "firmness": firmness}})
        _, reward, _, _, info = any_env.step(zero_action(any_env))
        told.append((reward, [info[name] for name in info if name.startswith("reward/")]))
    assert told[0] == told[1] == told[2]
