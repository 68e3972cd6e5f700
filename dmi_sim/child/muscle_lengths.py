"""The muscles of a child: how long their fibres have grown, and what they feel in therapy.

Sessions with a therapist count; what is felt in free play and sleep is ordinary life, which made
the body as it is (:mod:`dmi_sim.muscle.adaptation`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.env.symmetry import mirrored_muscles
from dmi_sim.muscle.adaptation import (
    SECONDS_PER_DAY,
    FeltStretch,
    held,
    length_scale_after,
    stretch_beyond_rest,
)
from dmi_sim.muscle.groups import Muscles, PerMuscle
from dmi_sim.physics.state import State
from dmi_sim.spec.adaptation import AdaptationSpec
from dmi_sim.spec.exercise import both_sides
from dmi_sim.therapy.stretch_rules import Stretch

SECONDS_A_WEEK = 7 * SECONDS_PER_DAY
"""Length of a week [s]."""


@dataclass(frozen=True)
class MuscleLengths:
    """How the muscles of a child have adapted.

    Attributes:
        names: Muscles that it has, with their sides; none before it first feels anything.
        scale: Optimal fibre length of each, over what the body gives.
        felt: What each felt in therapy since the beginning of the week.
    """

    names: tuple[str, ...] = ()
    scale: PerMuscle = ()
    felt: FeltStretch = field(default_factory=lambda: FeltStretch((), ()))

    @property
    def by_name(self) -> dict[str, float]:
        """Length scale of the muscles that have adapted."""
        return {n: one for n, one in zip(self.names, self.scale, strict=True) if one != 1}

    def having_felt(self, muscles: Muscles, felt: FeltStretch) -> "MuscleLengths":
        """The same after they felt something more.

        Args:
            muscles: Muscles of the child.
            felt: What they felt.
        """
        begun = self if self.names else _as_the_body_gives(muscles)
        return replace(begun, felt=begun.felt + felt)


def _as_the_body_gives(muscles: Muscles) -> MuscleLengths:
    ones = (1.0,) * len(muscles.names)
    return MuscleLengths(muscles.names, ones, FeltStretch.none(muscles))


def lengths_after_week(lengths: MuscleLengths, spec: AdaptationSpec | None) -> MuscleLengths:
    """How muscles have adapted after the week in which they felt what they felt.

    Args:
        lengths: Muscles at the end of the week, not adapted to it yet.
        spec: Time constant and gains; None for muscles that do not adapt.
    """
    if spec is None or not lengths.names:
        return lengths
    nothing = (0.0,) * len(lengths.names)
    scale = length_scale_after(lengths.scale, lengths.felt, SECONDS_A_WEEK, spec)
    return replace(lengths, scale=scale, felt=FeltStretch(nothing, nothing))


class WorkOfMuscles:
    """What muscles do in a session, summed step by step: activation times stretch beyond rest.

    Args:
        muscles: Muscles of the child.
    """

    def __init__(self, muscles: Muscles) -> None:
        self.muscles = muscles
        self._sum = np.zeros(len(muscles.names))
        self._steps = 0

    def see(self, state: State) -> None:
        """Add one control step."""
        self._sum += state.activation * stretch_beyond_rest(self.muscles, state.joint_angle_rad)
        self._steps += 1

    @property
    def mean(self) -> Vector:
        """Mean over the steps, shape (n,); zeros before the first."""
        return self._sum / max(1, self._steps)


def felt_in_session(work: WorkOfMuscles, work_s: float, stretch: Stretch) -> FeltStretch:
    """What muscles feel in a session with a therapist.

    Args:
        work: What they did in the part of it that was simulated, which stands for all of it.
        work_s: Time for which the child practised in the session, rests left out [s].
        stretch: How stretching and practice shared the session.
    """
    nothing = (0.0,) * len(work.muscles.names)
    active = FeltStretch(nothing, tuple((work_s * work.mean).tolist()))
    if not stretch.passive_min:
        return active
    posture = held_posture_rad(work.muscles, stretch.held_deg)
    return active + held(work.muscles, posture, 60 * stretch.passive_min)


def alike_on_both_sides(muscles: Muscles, felt: FeltStretch) -> FeltStretch:
    """The mean of what left and right feel, so that a child stays its own mirror image.

    Over a week both sides are taken to be used alike; practice is too short a sample to tell.

    Args:
        muscles: Muscles of the child.
        felt: What they felt.
    """
    mirror = mirrored_muscles(muscles)
    passive, active = (np.array(one) for one in (felt.passive_s, felt.active_s))
    means = ((one + mirror.of(one)) / 2 for one in (passive, active))
    return FeltStretch(*(tuple(one.tolist()) for one in means))


def held_posture_rad(muscles: Muscles, held_deg: Sequence[tuple[str, float]]) -> Vector:
    """The angles of a child at rest whose therapist holds some joints [rad], shape (34,).

    Args:
        muscles: Muscles and tissue of the child.
        held_deg: Axis and angle of each joint that is held [deg]; both sides if none is named.
    """
    angle_rad = np.array(muscles.tissue.rest_rad)
    for axis, angle_deg in held_deg:
        angle_rad[[AXIS_INDEX[one] for one in both_sides(axis)]] = np.radians(angle_deg)
    return angle_rad


def together(given: Mapping[str, float], adapted: Mapping[str, float]) -> dict[str, float]:
    """Length scales that a child was given and that it has adapted to, in one.

    >>> together({"left_soleus": 0.9}, {"left_soleus": 1.1, "left_biceps": 1.02})
    {'left_biceps': 1.02, 'left_soleus': 0.99}
    """
    names = sorted({*given, *adapted})
    return {name: round(given.get(name, 1.0) * adapted.get(name, 1.0), 12) for name in names}
