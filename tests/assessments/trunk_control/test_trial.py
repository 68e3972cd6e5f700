"""One trial: hands, pushes and the end of the recording."""

from collections.abc import Iterator

import numpy as np
import pytest

from dmi_sim.assessments.trunk_control.trial import TrialScript, pushes_of, simulate_trial
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.spec.assessment import SegmentalSpec
from tests.assessments.sitters import upright

RULES = Catalog.shipped().load(SegmentalSpec, "trunk")
SEED = 2**31


@pytest.fixture(scope="module")
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
    yield env
    env.close()


def test_the_hands_themselves_stay_upright(env: PostureEnv) -> None:
    """Otherwise the examiner would be assessed instead of the infant."""
    states = simulate_trial(env, None, SEED, TrialScript("waist", 1.0, 5.0))
    tilt = np.degrees(np.arccos(states[-1].segment_matrix_world[1, 2, 2]))
    assert tilt < 10


def test_a_trial_has_a_state_at_its_start_and_after_each_control_step(env: PostureEnv) -> None:
    states = simulate_trial(env, upright(env), SEED, TrialScript("none", 1.0, 2.0))
    steps = np.arange(1 + round(2.0 * env.build.spec.control_hz))
    assert [state.time_s for state in states] == pytest.approx(steps / env.build.spec.control_hz)


def test_a_fall_ends_a_trial_sooner(env: PostureEnv) -> None:
    states = simulate_trial(env, None, SEED, TrialScript("none", 1.0, 5.0))
    assert 0.2 < states[-1].time_s < 4.0


def test_pushes_come_from_the_named_side_with_the_given_impulse() -> None:
    pushes = pushes_of(RULES.reactive, 3, mass_kg=8.0)
    forces = dict(zip(RULES.reactive.sides, (push.force_world for push in pushes), strict=True))
    assert forces["front"][0] < 0 < forces["back"][0]
    assert forces["left"][1] < 0 < forces["right"][1]
    impulse = np.linalg.norm(pushes[0].force_world) * pushes[0].duration_s
    assert impulse == pytest.approx(8.0 * RULES.reactive.speed.value)
