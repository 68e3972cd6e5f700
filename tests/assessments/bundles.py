"""Policy bundles of the feedback sitter, saved as if it had been trained."""

from contextlib import closing
from pathlib import Path

import numpy as np

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.environment import make_environment
from dmi_sim.training.bundle import PolicyMetadata, Setting, save_bundle
from dmi_sim.training.interface import policy_interface, practised_exercise
from dmi_sim.training.policy import NumpyPolicy
from tests.assessments.sitters import upright


def linear_sitter(env: PostureEnv) -> NumpyPolicy:
    """The feedback sitter as one matrix."""
    sitter, size = upright(env), len(env.observation_names)
    columns = [sitter.predict(unit)[0] for unit in np.eye(size, dtype=np.float32)]
    count = len(env.action_names)
    ones = np.ones(count, np.float32)
    return NumpyPolicy(
        (np.array(columns, np.float32).T,), (np.zeros(count, np.float32),), "tanh", -ones, ones
    )


def save_sitter(
    folder: Path,
    kwargs: dict[str, Setting] | None = None,
    scores: dict[str, float] | None = None,
    beside: dict[str, bytes] | None = None,
) -> Path:
    """Write the bundle of the feedback sitter, as if trained in an environment with arguments."""
    kwargs = {} if kwargs is None else kwargs
    with closing(make_environment("DMI/Sitting-v1", kwargs)) as env:
        inner = env.unwrapped
        assert isinstance(inner, PostureEnv)
        metadata = PolicyMetadata(
            environment_id="DMI/Sitting-v1",
            environment_kwargs=kwargs,
            interface=policy_interface(env),
            exercises=(practised_exercise(env),),
            seed=0,
            training_steps=100,
            dose_h=0.1,
            scores=scores or {},
        )
        save_bundle(folder, linear_sitter(inner), metadata, beside)
    return folder
