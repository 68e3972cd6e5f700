"""What a therapist does in the middle of an episode: hands, pushes, pulls."""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest
from gymnasium.error import ResetNeeded

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.interventions import DIRECTIONS
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.physics.push import Push, horizontal_push
from tests.env.episodes import play, zero_action
from tests.env.test_config import STRANGE, refusal


@pytest.fixture(scope="module", params=exercises())
def any_env(request: pytest.FixtureRequest) -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig(request.param))
    yield made
    made.close()


@pytest.fixture(scope="module")
def env() -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig("sitting"))
    yield made
    made.close()


def steps(env: PostureEnv, count: int) -> None:
    for _ in range(count):
        env.step(zero_action(env))


def is_held(env: PostureEnv) -> bool:
    steps(env, 1)
    return env.state.support_force_n > 0


def test_hands_take_hold_of_the_infant_as_it_is_and_let_go(any_env: PostureEnv) -> None:
    for site in any_env.build.spec.supports:
        any_env.reset(seed=2, options={"support_strength": 0.0})
        steps(any_env, 3)
        any_env.hold(site, 0.5)
        assert is_held(any_env) == (site != "none")
        assert any_env.state.support_site == site
        assert any_env.state.support_strength == (0.5 if site != "none" else 0.0)
        any_env.let_go()
        assert not is_held(any_env)
        assert any_env.state.support_site == "none"


def test_hands_that_take_hold_do_not_jerk(env: PostureEnv) -> None:
    """At first a spring is unstretched: its force grows from that of the damper alone."""
    env.reset(seed=1)
    steps(env, 5)
    env.hold("axillae")
    steps(env, 1)
    assert env.state.support_force_n < 0.3 * env.infant.mass_kg * GRAVITY_M_S2


def test_an_infant_that_is_held_in_time_does_not_fall(env: PostureEnv) -> None:
    env.reset(seed=1)
    steps(env, 10)
    env.hold("axillae")
    for _ in range(90):
        assert not env.step(zero_action(env))[2]


def test_hands_that_hold_from_the_start_and_from_the_first_step_are_the_same(
    any_env: PostureEnv,
) -> None:
    for site in any_env.build.spec.supports:
        from_start, held = {"support": site, "support_strength": 0.7}, {"support_strength": 0.0}
        any_env.reset(seed=2, options=from_start)
        steps(any_env, 5)
        then = any_env.state
        any_env.reset(seed=2, options={"support": site, **held})
        any_env.hold(site, 0.7)
        steps(any_env, 5)
        assert (any_env.state.com_m == then.com_m).all()
        assert (any_env.state.support_work_j == then.support_work_j).all()


def test_the_path_of_hands_begins_when_they_take_hold() -> None:
    """Hands of pull to sit lie still for a while before they pull, whenever they take hold."""
    pulled = PostureEnv(EnvConfig("pull_to_sit_v0"))
    force: list[list[float]] = []
    for wait in (0, 20):
        pulled.reset(seed=1, options={"support_strength": 0.0})
        steps(pulled, wait)
        pulled.hold("forearms")
        trace: list[float] = []
        for _ in range(60):
            steps(pulled, 1)
            trace.append(pulled.state.support_force_n)
        force.append(trace)
    assert force[1] == pytest.approx(force[0], rel=0.5, abs=6.0)
    pulled.close()


def test_work_of_hands_goes_on_from_grip_to_grip(env: PostureEnv) -> None:
    """Letting go adds the half step that was missing, and a new grip at the same place none."""
    env.reset(seed=1, options={"support": "axillae"})
    steps(env, 10)
    before = env.state.support_work_j
    env.let_go()
    steps(env, 1)
    after = env.state.support_work_j
    assert np.abs(after).sum() >= np.abs(before).sum()
    assert after == pytest.approx(before, abs=0.02)
    env.hold("pelvis")
    steps(env, 10)
    assert np.abs(env.state.support_work_j).sum() > np.abs(after).sum()


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_push_gives_its_impulse_whenever_it_comes(env: PostureEnv, direction: str) -> None:
    """Momentum of the body after and without the push, in the air where nothing else acts."""
    for wait, duration_s in ((0, 0.1), (7, 0.1), (7, 0.0), (13, 0.05)):
        momentum = [fallen_momentum(env, wait, push) for push in (False, (direction, duration_s))]
        given = momentum[1] - momentum[0]
        assert given == pytest.approx(np.array(DIRECTIONS[direction]) * 0.6, rel=2e-2, abs=2e-2)


def fallen_momentum(env: PostureEnv, wait: int, push: Any) -> Any:
    """Momentum [N s] of a body that falls freely, four control steps after a push."""
    env.reset(seed=1, options={"silent_muscles": True})
    world = env.world
    lifted = world.start.pelvis_pos_world + np.array([0, 0, 50.0])
    world.reset(type(world.start)(lifted, world.start.pelvis_quat_world, world.start.angle_rad))
    world.advance(8 * wait)
    if push:
        env.push(push[0], impulse_n_s=0.6, duration_s=push[1])
    world.advance(32)
    return env.infant.mass_kg * world.observe().com_velocity_m_s


def test_an_exercise_without_pushes_can_be_pushed_all_the_same(any_env: PostureEnv) -> None:
    any_env.reset(seed=1)
    steps(any_env, 2)
    any_env.push("left", impulse_n_s=1.0, segment="pelvis", duration_s=0.1)
    steps(any_env, 1)
    assert any_env.state.push_force_world == pytest.approx([0, 10, 0])
    steps(any_env, 3)
    assert (any_env.state.push_force_world == 0).all()


def test_a_pull_lasts_until_it_is_ended(env: PostureEnv) -> None:
    env.reset(seed=1, options={"support": "axillae"})
    env.pull("head", force_n=(5, 0, 0))
    env.pull("pelvis", force_n=(0, 2, 0))
    steps(env, 20)
    assert env.state.push_force_world == pytest.approx([5, 2, 0])
    assert env.state.push_pos_world[2] > env.state.head_height_m - 0.05
    env.pull("head", force_n=(1, 0, 0))  # in place of the first
    steps(env, 1)
    assert env.state.push_force_world == pytest.approx([1, 2, 0])
    env.pull("head")
    steps(env, 1)
    assert env.state.push_force_world == pytest.approx([0, 2, 0])
    env.pull(None)
    steps(env, 1)
    assert (env.state.push_force_world == 0).all()


def test_a_pull_of_a_duration_ends_by_itself(env: PostureEnv) -> None:
    env.reset(seed=1, options={"support": "axillae"})
    env.pull("head", (5, 0, 0), duration_s=0.2)
    told: list[float] = []
    for _ in range(8):
        steps(env, 1)
        told.append(env.state.push_force_world[0])
    assert told == [5.0] * 5 + [0.0] * 3


def test_all_ends_with_the_episode(any_env: PostureEnv) -> None:
    expected = play(any_env, 4)
    any_env.hold(any_env.build.spec.supports[0])
    any_env.push("forward", 1.0)
    any_env.pull("head", (5, 0, 0))
    steps(any_env, 1)
    assert play(any_env, 4) == expected


BAD: dict[str, tuple[Callable[[PostureEnv], None], str]] = {
    "site": (lambda e: e.hold("pelvs"), "support: no 'pelvs' in sitting; did you mean 'pelvis'"),
    "strength": (lambda e: e.hold("pelvis", 2.0), "support_strength: 2.0 is outside 0 to 1"),
    "word": (lambda e: e.hold("pelvis", "firm"), "support_strength: 'firm'"),  # pyright: ignore
    "way": (lambda e: e.push("foward", 1.0), "direction: no 'foward'; did you mean 'forward'"),
    "large": (lambda e: e.push("left", 1e9), r"impulse_n_s: 1000000000.0 is outside 0 to"),
    "nan": (lambda e: e.push("left", np.nan), "impulse_n_s: nan"),
    "negative": (lambda e: e.push("left", -1.0), "impulse_n_s: -1.0 is outside 0"),
    "segment": (lambda e: e.push("left", 1.0, "hed"), "segment: no 'hed'; did you mean 'head'"),
    "time": (lambda e: e.push("left", 1.0, duration_s=-1), "duration_s: -1 is outside 0"),
    "pulled": (lambda e: e.pull("hed", (1, 0, 0)), "segment: no 'hed'; did you mean 'head'"),
    "shape": (lambda e: e.pull("head", (1, 0)), r"force_n: \(1, 0\) is not three numbers"),
    "what": (lambda e: e.pull("head", "up"), "force_n: 'up' is not three numbers"),  # pyright: ignore
    "infinite": (lambda e: e.pull("head", (np.inf, 0, 0)), "force_n: .* is not within 0 to"),
    "last": (lambda e: e.pull("head", (1, 0, 0), np.nan), "duration_s: nan"),
    "all": (lambda e: e.pull(None, (1, 0, 0)), "segment: None ends all pulls"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_makes_no_sense_is_refused_and_changes_nothing(env: PostureEnv, name: str) -> None:
    act, message = BAD[name]
    expected = play(env, 6)
    env.reset(seed=3)
    with pytest.raises(InputError, match=message):
        act(env)
    random = np.random.default_rng(5)
    action = random.uniform(-1, 1, len(env.action_names)).astype(np.float32)
    assert env.step(action)[0].tolist() == expected[1][0]


def test_every_segment_can_be_pulled(env: PostureEnv) -> None:
    for segment in SEGMENTS:
        env.reset(seed=1, options={"support": "axillae"})
        env.pull(segment.name, (0, 0, 3))
        _, _, _, _, info = env.step(zero_action(env))
        assert not info["physics_fault"]


@pytest.mark.parametrize("act", ["hold", "let_go", "push", "pull"])
def test_before_the_first_reset_there_is_nobody_to_treat(act: str) -> None:
    fresh = PostureEnv(EnvConfig("sitting"))
    arguments: dict[str, tuple[Any, ...]] = {
        "hold": ("axillae",), "let_go": (), "push": ("left", 1.0), "pull": ("head",)
    }  # fmt: skip
    with pytest.raises(ResetNeeded, match="before the first reset"):
        getattr(fresh, act)(*arguments[act])


@pytest.mark.parametrize("value", [v for v in STRANGE if v is not None])
def test_what_is_no_name_is_refused_as_such(env: PostureEnv, value: Any) -> None:
    env.reset(seed=0)
    with pytest.raises(InputError, match="support: "):
        env.hold(value)
    with pytest.raises(InputError, match="direction: "):
        env.push(value, 1.0)
    with pytest.raises(InputError, match="segment: "):
        env.push("forward", 1.0, value)
    with pytest.raises(InputError, match="segment: "):
        env.pull(value, (1.0, 0.0, 0.0))
    assert env.get_state().deeds == ()


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_what_is_no_number_is_refused_by_name_and_leaves_no_trace(
    env: PostureEnv, value: Any
) -> None:
    acts: dict[str, Callable[[], None]] = {
        "support_strength": lambda: env.hold("pelvis", value),
        "impulse_n_s": lambda: env.push("left", value),
        "duration_s": lambda: env.push("left", 1.0, duration_s=value),
        "force_n": lambda: env.pull("head", (value, 0, 0)),
    }
    for name, act in acts.items():
        env.reset(seed=0)
        problem = refusal(act)
        assert not problem or name in problem
        assert len(env.get_state().deeds) == (not problem)
        assert not env.step(zero_action(env))[4]["physics_fault"]


@pytest.mark.parametrize("pushes", [[], [horizontal_push(3, 0.0, 0.2, 1.0, 0.0)]])
def test_who_is_pushed_by_a_schedule_is_pushed(env: PostureEnv, pushes: list[Push]) -> None:
    env.reset(seed=0, options={"push_schedule": pushes})
    assert env.is_pushed == bool(pushes)


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_what_is_no_action_is_refused_and_leaves_no_trace(env: PostureEnv, value: Any) -> None:
    env.reset(seed=0)
    assert refusal(lambda: env.step(value)).startswith("action: ")
    assert env.get_state().deeds == ()
