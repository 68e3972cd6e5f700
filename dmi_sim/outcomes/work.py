"""Who moved the infant: its muscles or the hands; and whether muscles worked against each other."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector

TRUNK_FLEXORS = ("rectus_abdominis", "external_oblique", "internal_oblique")
TRUNK_EXTENSORS = ("longissimus", "iliocostalis", "multifidus", "spinalis")
"""Muscle groups in front of the trunk and behind it, both sides."""


def active_work_share(muscle_work_j: float, support_work_j: float) -> float:
    """Share of the positive mechanical work that the muscles did, 0 to 1.

    ``W_muscle / (W_muscle + W_hands)``; the share of the hands is what is missing to 1.

    Args:
        muscle_work_j: Positive work of the muscles [J].
        support_work_j: Positive work of the hands on the infant [J].

    Returns:
        NaN if nobody did any work.
    """
    total = muscle_work_j + support_work_j
    return muscle_work_j / total if total > 0 else nan


def coactivation(first: Vector, second: Vector) -> float:
    """Co-activation index of Falconer and Winter: 0 taking turns or one alone, 1 always alike.

    ``2 sum(min(a, b)) / sum(a + b)`` over time, the common area of two activations over their whole
    area.

    Args:
        first: Activation of a muscle group [0..1], shape (T,).
        second: Activation of its antagonists [0..1], shape (T,).

    Returns:
        NaN if both are silent or a value is not finite.

    Source:
        Falconer & Winter (1985), Electromyogr. Clin. Neurophysiol. 25, 135-149, in the form in
        which the less active muscle is the antagonist at each moment.
    """
    whole = float(np.sum(first + second))
    return float(2 * np.minimum(first, second).sum()) / whole if whole > 0 else nan


def trunk_coactivation(activation: NDArray[np.float32], muscle_names: NDArray[np.str_]) -> float:
    """Co-activation index of the flexors and the extensors of the trunk, 0 to 1.

    Each side of the trunk is the plain mean over its muscles (:data:`TRUNK_FLEXORS`,
    :data:`TRUNK_EXTENSORS`, left and right).

    Args:
        activation: Of all muscles [0..1], shape (T, n).
        muscle_names: Such as ``left_multifidus``, shape (n,).

    Returns:
        NaN if no muscle of a side is among them.
    """
    front, back = (
        _mean_of(activation, muscle_names, groups) for groups in (TRUNK_FLEXORS, TRUNK_EXTENSORS)
    )
    return coactivation(front, back)


def _mean_of(
    activation: NDArray[np.float32], muscle_names: NDArray[np.str_], groups: tuple[str, ...]
) -> Vector:
    wanted = [f"{side}_{group}" for side in ("left", "right") for group in groups]
    own = activation[:, np.isin(muscle_names, wanted)].astype(np.float64)
    return own.mean(axis=1) if own.size else np.full(len(activation), nan)
