"""Reward terms: pure functions of a moment, none of which knows where hands are.

To add one, write a function here with a docstring that says what it measures, its parameters as
keywords, and a test in ``tests/env/test_rewards.py``; its name is then free to use in ``envs/``.
"""

import math
from collections.abc import Callable

from dmi_sim.env.moment import Moment

Term = Callable[..., float]

TERMS: dict[str, Term] = {}
"""Reward terms by name."""

_HEAD = 4


def reward_term(function: Term) -> Term:
    """Make a function known under its name."""
    TERMS[function.__name__] = function
    return function


@reward_term
def trunk_upright(moment: Moment, *, width_rad: float) -> float:
    """1 when the line from pelvis to C7 is vertical, falling as a Gaussian of its tilt."""
    return math.exp(-((moment.state.upright_rad / width_rad) ** 2))


@reward_term
def head_upright(moment: Moment, *, width_rad: float) -> float:
    """1 when the long axis of the head is vertical, falling as a Gaussian of its tilt."""
    cosine = min(1.0, moment.state.segment_matrix_world[_HEAD, 2, 2].item())
    return math.exp(-((math.acos(max(-1.0, cosine)) / width_rad) ** 2))


@reward_term
def com_still(moment: Moment, *, width_m_s: float) -> float:
    """1 when the centre of mass is at rest, falling as a Gaussian of its speed."""
    velocity = moment.state.com_velocity_m_s
    return math.exp(-float(velocity @ velocity) / width_m_s**2)


@reward_term
def effort(moment: Moment) -> float:
    """Mean squared activation of all muscles [0..1]."""
    activation = moment.state.activation
    return float(activation @ activation) / activation.size


@reward_term
def action_rate(moment: Moment) -> float:
    """Mean squared change of the command since the last step."""
    change = moment.action - moment.last_action
    return float(change @ change) / change.size


@reward_term
def fell(moment: Moment) -> float:
    """1 at the moment of a fall."""
    return float(moment.has_fallen)
