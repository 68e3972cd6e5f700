"""No limb is drawn through the trunk, neither at the start of an exercise nor after a fall."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from tests.render.postures import depth_in_trunk

FALL_S = 2.5
INDEX = {node.name: index for index, node in enumerate(SEGMENTS)}


@pytest.mark.parametrize("exercise", exercises())
def test_limbs_are_outside_the_trunk_at_the_start_and_never_through_it_when_she_has_fallen(
    exercise: str,
) -> None:
    """Nothing in the physics keeps a hand off the flank of an infant that lies on it."""
    with closing(PostureEnv(EnvConfig(exercise))) as env:
        env.reset(seed=0, options={"steps_after_end": True})
        assert max(depth_in_trunk(env.infant, env.state).values()) < 0.05
        rest = np.zeros(env.action_space.shape or (), dtype=np.float32)
        for _ in range(round(FALL_S * env.build.spec.control_hz)):
            env.step(rest)
        assert max(depth_in_trunk(env.infant, env.state).values()) < 0.5


def test_a_forearm_in_the_trunk_is_noticed() -> None:
    with closing(PostureEnv(EnvConfig("sitting"))) as env:
        env.reset(seed=0)
        state = env.state
        forearm, chest = INDEX["left_forearm"], INDEX["lower_thorax"]
        places = state.segment_pos_world.copy()
        places[forearm] = places[chest]
        moved = replace(state, segment_pos_world=places)
        assert depth_in_trunk(env.infant, moved)["left_forearm/capsule"] > 0.8
