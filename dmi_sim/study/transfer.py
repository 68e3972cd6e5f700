"""Whether an infant that practises one exercise can be tested in another."""

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dmi_sim.env.config import EnvBuild


def transfer_differences(practised: "EnvBuild", tested: "EnvBuild") -> tuple[str, ...]:
    """What keeps a policy of one exercise from acting in another, one line each.

    Observations, actions and control rate must be the same; everything else may differ.

    Args:
        practised: The exercise that infants practise.
        tested: The exercise in which they are tested.
    """
    from dmi_sim.env.posture_env import PostureEnv
    from dmi_sim.training.interface import policy_interface

    with ExitStack() as stack:
        ours, theirs = (
            policy_interface(
                stack.enter_context(closing(PostureEnv(build.config, catalog=build.catalog)))
            )
            for build in (practised, tested)
        )
    return ours.differences(theirs)
