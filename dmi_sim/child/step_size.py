"""How large a step a brain takes when it learns: its behaviour changes no further than it may.

The divergence of a policy from what it was grows with the square of the step of the optimiser over
the spread of exploration. So the step that suits a beginner, who explores boldly, throws one that
is experienced far off its way, and in exercises that it did not practise at all. To stop in the
midst of the passes once a limit is crossed, as ``target_kl`` of stable-baselines3 does, lets the
first few batches decide, and a single step may have crossed it by far. Here all practice is learnt
from; if that goes beyond the limit, it is learnt from anew, from where the brain was, with half
the step. A step that stays well within the limit is larger the next time.

This module imports torch as it runs.

Source:
    Schulman et al. (2015), Trust region policy optimization, arXiv:1502.05477, equation 12 and
    appendix C; ``schulman2015`` (recalled): a limit of the mean divergence, and a line search that
    goes back until it is kept. Halves, and the step that grows again, are ours.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from dmi_sim.child.experience import Experience

if TYPE_CHECKING:
    from stable_baselines3 import PPO
    from torch.distributions import Distribution

SMALLEST = 2.0**-12
"""Smallest share of the largest step: a limit that not even this keeps is given up."""
_GROWTH = 1.5
"""Factor of a step that went less than half as far as it might; assumed."""


def learn_within(
    learner: "PPO", practice: Experience, limit_nats: float, share: float, learn: Callable[[], None]
) -> float:
    """Learn from practice, with a step that changes behaviour no further than a limit.

    Args:
        learner: The learner; its learning rate is the largest that it may take.
        practice: What it learns from.
        limit_nats: Largest mean divergence from what it did, over all steps of the practice [nats].
        share: Share of the largest learning rate to begin with, above 0 to 1.
        learn: Lets it learn once.

    Returns:
        The share to begin with the next time.
    """
    known: Any = deepcopy(learner.get_parameters())
    largest = learner.lr_schedule
    before = _behaviour(learner, practice)
    learner.lr_schedule = lambda left: share * largest(left)
    learn()
    learner.lr_schedule = largest
    went = divergence_nats(before, _behaviour(learner, practice))
    if went > limit_nats and share > SMALLEST:
        learner.set_parameters(known, exact_match=True, device="cpu")
        return learn_within(learner, practice, limit_nats, share / 2, learn)
    return min(1.0, _GROWTH * share) if went < limit_nats / 2 else share


def divergence_nats(before: "Distribution", after: "Distribution") -> float:
    """Mean Kullback-Leibler divergence of what is done now from what was done before [nats].

    Args:
        before: Actions in each situation before, shape (n, commands).
        after: Actions in the same situations now.
    """
    from torch.distributions import kl_divergence

    return float(kl_divergence(before, after).sum(dim=-1).mean())


def _behaviour(learner: "PPO", practice: Experience) -> "Distribution":
    """What the learner would do in each situation of its practice."""
    import torch

    policy: Any = learner.policy
    with torch.no_grad():
        return policy.get_distribution(practice["observations"]).distribution
