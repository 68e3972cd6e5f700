"""Start poses: joints vary, the infant rests on its scene, and its mass is where the file says."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.env import start
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.start import Starts
from dmi_sim.infant import Infant
from dmi_sim.names import exercises
from dmi_sim.physics.pose import RESTING_DEPTH_M, Pose
from dmi_sim.physics.resting import RigidBody
from tests.env.episodes import zero_action

SEEDS = range(12)


@pytest.fixture(scope="module", params=exercises())
def env(request: pytest.FixtureRequest) -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig(request.param))
    yield made
    made.close()


def starts_of(env: PostureEnv) -> Starts:
    build, world = env.build, env.world
    body = RigidBody(build.infant, world.engine.masses, build.scene)
    return Starts(world.start, build.spec.start, build.actuated, body)


def drawn(starts: Starts) -> list[Pose]:
    return [starts.draw(np.random.default_rng(seed)) for seed in SEEDS]


def gaps_m(starts: Starts, pose: Pose) -> np.ndarray:
    """The distance of each contact sphere from what is nearest to it [m], shape (n,)."""
    return starts.body.scene.gaps_m(*starts.body.spheres(pose)).min(axis=0)


def off_m(starts: Starts, pose: Pose) -> float:
    """How far the mass is from where the mean pose has it over what that one touches [m]."""
    base = starts.body.touching(starts.mean)
    over = [starts.body.com_over_base_m(one, base) for one in (pose, starts.mean)]
    return float(np.linalg.norm(over[0] - over[1]))


def test_nothing_begins_in_the_floor_or_in_furniture(env: PostureEnv) -> None:
    starts = starts_of(env)
    for pose in drawn(starts):
        assert gaps_m(starts, pose).min() > -1.01 * RESTING_DEPTH_M


def test_an_infant_begins_at_rest_on_three_points_at_least(env: PostureEnv) -> None:
    starts = starts_of(env)
    touching = [int((gaps_m(starts, pose) < 1e-3).sum()) for pose in drawn(starts)]
    assert np.mean(touching) > 2.5
    assert min(touching) >= 1


def test_no_infant_is_thrown_up_as_it_begins(env: PostureEnv) -> None:
    """A limb that begins in the floor is pushed out, and lifts the limp body with it."""
    for seed in SEEDS:
        env.reset(seed=seed, options={"silent_muscles": True})
        height_m = env.world.observe().com_m[2]
        for _ in range(3):
            env.step(zero_action(env))
            assert env.world.observe().com_m[2] < height_m + 5e-4


def test_the_mass_begins_where_the_file_says(env: PostureEnv) -> None:
    starts = starts_of(env)
    if starts.spec.com_within is None:
        pytest.skip("this exercise asks for no place of the mass")
    within_m = starts.spec.com_within * env.infant.length_m
    for pose in drawn(starts):
        assert off_m(starts, pose) <= within_m


def test_the_same_seed_gives_the_same_start_to_the_bit(env: PostureEnv) -> None:
    starts = starts_of(env)
    first, again = (starts.draw(np.random.default_rng(3)) for _ in range(2))
    for name in ("pelvis_pos_world", "pelvis_quat_world", "angle_rad"):
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()


@pytest.fixture(scope="module")
def standing() -> Generator[Starts, None, None]:
    made = PostureEnv(EnvConfig("standing"))
    yield starts_of(made)
    made.close()


def test_only_actuated_axes_start_elsewhere_by_their_standard_deviation(standing: Starts) -> None:
    one_axis = replace(standing, actuated=standing.actuated[:4])
    any_mass = replace(one_axis, spec=standing.spec.model_copy(update={"com_within": None}))
    random = np.random.default_rng(0)
    angles = np.array([any_mass.draw(random).angle_rad for _ in range(300)])
    spread_deg = np.degrees(angles.std(axis=0))
    assert spread_deg[one_axis.actuated] == pytest.approx(standing.spec.angle_sd_deg, rel=0.15)
    assert not np.ptp(np.delete(angles, one_axis.actuated, axis=1), axis=0).any()


def test_what_cannot_be_met_begins_with_the_nearest_of_many_tries(
    standing: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(standing, spec=standing.spec.model_copy(update={"com_within": 1e-9}))
    monkeypatch.setattr(start, "MOST_DRAWS", 8)
    nearest = strict.draw(np.random.default_rng(0))
    loose = replace(standing, spec=standing.spec.model_copy(update={"com_within": None}))
    random = np.random.default_rng(0)
    tries = [off_m(standing, loose.draw(random)) for _ in range(8)]
    assert off_m(standing, nearest) == pytest.approx(min(tries))


@pytest.mark.parametrize("age_months", [0.0, 24.0])
def test_infants_of_any_size_begin_balanced(age_months: float) -> None:
    env = PostureEnv(EnvConfig("standing", age_months=age_months))
    starts = starts_of(env)
    within_m = (starts.spec.com_within or 0) * Infant.from_spec(age_months).length_m
    assert max(off_m(starts, pose) for pose in drawn(starts)) <= within_m
    env.close()
