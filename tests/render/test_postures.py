"""No limb is seen in the trunk: not at the start, not in movement, not after a fall."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from dmi_sim.rollout.episode import episode
from dmi_sim.training.bundle import Setting
from dmi_sim.training.library import open_controller, policy_folder, training_site, version_for
from tests.render.postures import depth_in_trunk

FALL_S = 2.5
EVERY = 5
"""Control steps from one look to the next."""
INDEX = {node.name: index for index, node in enumerate(SEGMENTS)}


@pytest.mark.parametrize("exercise", exercises())
def test_limbs_are_outside_the_trunk_at_the_start_and_never_through_it_when_she_has_fallen(
    exercise: str,
) -> None:
    with closing(PostureEnv(EnvConfig(exercise))) as env:
        env.reset(seed=0, options={"steps_after_end": True})
        assert max(depth_in_trunk(env.infant, env.state).values()) < 0.05
        rest = np.zeros(env.action_space.shape or (), dtype=np.float32)
        for _ in range(round(FALL_S * env.build.spec.control_hz)):
            env.step(rest)
        assert max(depth_in_trunk(env.infant, env.state).values()) < 0.5


@pytest.mark.parametrize(
    ("exercise", "policy"),
    [
        *((name, "infant_0") for name in exercises()),
        ("crawling", "crawler_0"),
        ("walking", "walker_0"),
    ],
)
def test_limbs_stay_out_of_the_trunk_as_she_moves_as_she_has_learnt(
    exercise: str, policy: str
) -> None:
    folder = policy_folder(policy)
    settings: dict[str, Setting] = {"support": training_site(folder, exercise)}
    with open_controller(folder, settings, version_for(folder, exercise)) as (env, controller):
        inner = env.unwrapped
        assert isinstance(inner, PostureEnv)
        for count, _ in enumerate(episode(env, controller, seed=2_000_000)):
            if count % EVERY == 0:
                assert max(depth_in_trunk(inner.infant, inner.state).values()) < 0.5


def test_a_forearm_in_the_trunk_is_noticed() -> None:
    with closing(PostureEnv(EnvConfig("sitting"))) as env:
        env.reset(seed=0)
        state = env.state
        forearm, chest = INDEX["left_forearm"], INDEX["lower_thorax"]
        places = state.segment_pos_world.copy()
        places[forearm] = places[chest]
        moved = replace(state, segment_pos_world=places)
        assert depth_in_trunk(env.infant, moved)["left_forearm/capsule"] > 0.8
