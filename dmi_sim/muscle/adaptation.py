"""Muscles adapt: optimal fibre lengths follow the lengths at which muscles live.

A muscle that is held long, or works while it is long, adds sarcomeres in series, so that its
fibres are at their optimal length farther out; one that lives short loses some. Growth of the
body is apart: the scale here is over what the body of the day alone gives.

Each muscle has a length scale s, with 1 as the body gives it. Over a time t it goes

    s(t) = s_inf + (s(0) - s_inf) exp(-t / tau),    s_inf = 1 + (k_p P + k_a A) / t,

with the stretch P and A that it felt in that time: fibre length over optimal, less that in the
resting posture, summed over the time in which it was held silent (P), and over the time in which
it worked, times its activation (A). What is felt outside of therapy is what made the body as it
is, and does not count again.

Source:
    Zoellner, Abilez, Boel and Kuhl (2012), J. Theor. Biol. 307, 120-130; ``zollner2012``: the time
    constant. The first-order form is ours. Harvey et al. (2017); ``harvey2017``: how little a
    programme of passive stretch gains.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError, did_you_mean, require_within, shown
from dmi_sim.muscle.groups import Muscles, PerMuscle
from dmi_sim.spec.adaptation import AdaptationSpec

SECONDS_PER_DAY = 86_400.0
"""Length of a day [s]."""
LENGTHS = (0.5, 1.5)
"""Optimal fibre lengths that can be asked for, over what the body gives."""


@dataclass(frozen=True)
class FeltStretch:
    """The stretch that muscles felt over some time; one number for each muscle.

    Attributes:
        passive_s: Stretch beyond the resting posture, in optimal lengths, times the time for which
            a muscle was held silent [s].
        active_s: The same times activation, of a muscle that works [s].
    """

    passive_s: PerMuscle
    active_s: PerMuscle

    @classmethod
    def none(cls, muscles: Muscles) -> "FeltStretch":
        """No stretch of any muscle."""
        zeros = (0.0,) * len(muscles.names)
        return cls(zeros, zeros)

    def __add__(self, other: "FeltStretch") -> "FeltStretch":
        """What was felt in both times."""
        return FeltStretch(
            _sum(self.passive_s, other.passive_s), _sum(self.active_s, other.active_s)
        )


def stretch_beyond_rest(muscles: Muscles, angle_rad: Vector) -> Vector:
    """Fibre lengths over optimal, less those in the resting posture [1], shape (n,).

    Args:
        muscles: Muscles of an infant, adapted as they are.
        angle_rad: Anatomical angles [rad], shape (34,).
    """
    rest = np.array(muscles.tissue.rest_rad)
    return muscles.length_at(angle_rad) - muscles.length_at(rest)


def held(muscles: Muscles, angle_rad: Vector, time_s: float) -> FeltStretch:
    """The stretch that silent muscles feel while somebody holds the body in a posture.

    Args:
        muscles: Muscles of an infant, adapted as they are.
        angle_rad: Anatomical angles of the posture [rad], shape (34,).
        time_s: Time for which it is held [s].
    """
    stretch = time_s * stretch_beyond_rest(muscles, angle_rad)
    return FeltStretch(tuple(stretch.tolist()), (0.0,) * len(muscles.names))


def worked(muscles: Muscles, angle_rad: Vector, activation: Vector, time_s: float) -> FeltStretch:
    """The stretch that muscles feel while they work in a posture.

    Args:
        muscles: Muscles of an infant, adapted as they are.
        angle_rad: Anatomical angles of the posture [rad], shape (34,).
        activation: Activation of each muscle, 0 to 1, shape (n,).
        time_s: Time for which they work [s].
    """
    stretch = time_s * activation * stretch_beyond_rest(muscles, angle_rad)
    return FeltStretch((0.0,) * len(muscles.names), tuple(stretch.tolist()))


def length_scale_after(
    scale: PerMuscle, felt: FeltStretch, time_s: float, spec: AdaptationSpec
) -> PerMuscle:
    """The length scale of each muscle after some time.

    Args:
        scale: Length scale of each muscle before.
        felt: The stretch that they felt in that time.
        time_s: The time [s].
        spec: Time constant and gains.
    """
    kept = math.exp(-time_s / (spec.time_constant.value * SECONDS_PER_DAY))
    gains = spec.passive_gain.value, spec.active_gain.value
    drive = np.array([felt.passive_s, felt.active_s]).T @ gains / time_s
    after = 1 + drive + kept * (np.array(scale) - 1 - drive)
    return tuple(after.clip(*spec.range.value).tolist())


def adapted(muscles: Muscles, scale: PerMuscle) -> Muscles:
    """Muscles with other optimal fibre lengths; their ends stay where they are.

    The same posture stretches a fibre that has grown to less of its optimal length.

    Args:
        muscles: Muscles as the body gives them.
        scale: Length scale of each muscle.
    """
    return replace(
        muscles,
        optimal_length_m=tuple(a * s for a, s in zip(muscles.optimal_length_m, scale, strict=True)),
        neutral_length=tuple(a / s for a, s in zip(muscles.neutral_length, scale, strict=True)),
    )


def chosen_lengths(muscles: Muscles, given: object) -> PerMuscle:
    """The length scale of each muscle, for those that are named.

    Args:
        muscles: Muscles of an infant.
        given: Mapping of muscles, with their side or for both sides, to length scales; the others
            have 1.

    Raises:
        InputError: If a muscle is unknown, or a length out of range.
    """
    if not isinstance(given, Mapping):
        raise InputError(f"fibre_lengths: {shown(given)} is not a mapping of muscles to lengths")
    lengths = cast("Mapping[str, float]", given)
    known = sorted({*muscles.names, *(name.split("_", 1)[1] for name in muscles.names)})
    for name, length in lengths.items():
        if name not in known:
            raise InputError(f"fibre_lengths: no '{name}'; {did_you_mean(str(name), known)}")
        require_within(f"fibre_lengths.{name}", length, *LENGTHS)
    return tuple(_chosen(name, lengths) for name in muscles.names)


def _chosen(name: str, lengths: Mapping[str, float]) -> float:
    """The length scale of a muscle with its side: its own, or else that of both sides."""
    return float(lengths.get(name, lengths.get(name.split("_", 1)[1], 1.0)))


def _sum(first: PerMuscle, second: PerMuscle) -> PerMuscle:
    return tuple(a + b for a, b in zip(first, second, strict=True))
