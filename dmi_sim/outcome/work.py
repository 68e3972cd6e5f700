"""Work of muscles and of hands on the infant, and co-activation of opposing muscles."""

from math import nan

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.outcome.registry import AMOUNT, SHARE, outcome
from dmi_sim.recording import Recording

TRUNK_FLEXORS = ("rectus_abdominis", "external_oblique", "internal_oblique")
TRUNK_EXTENSORS = ("longissimus", "iliocostalis", "multifidus", "spinalis")
"""Muscle groups in front of the trunk and behind it, both sides."""


@outcome(
    unit="J",
    title="work of the muscles",
    meaning="what shortening muscles gave",
    direction="none",
    bounds=AMOUNT,
)
def muscle_work_j(recording: Recording) -> float:
    """Positive work of the muscles."""
    return float(recording.muscle_work_j[-1, 0])


@outcome(
    unit="J",
    title="work of the hands",
    meaning="what the hands gave the infant by moving it",
    direction="lower",
    bounds=AMOUNT,
)
def support_work_j(recording: Recording) -> float:
    """Positive work of the hands on the infant."""
    return float(recording.support_work_j[-1, 0])


@outcome(
    unit="1",
    title="active share of the work",
    meaning="muscles over muscles and hands, 0 to 1; hands do the rest",
    direction="higher",
    bounds=SHARE,
)
def active_work_share(recording: Recording) -> float:
    """Positive work of the muscles / that of muscles and hands; NaN without work."""
    muscles, hands = muscle_work_j(recording), support_work_j(recording)
    total = muscles + hands
    return muscles / total if total > 0 else nan


@outcome(
    unit="1",
    title="co-activation of the trunk",
    meaning="front and back muscles at once, Falconer & Winter 1985, 0 to 1",
    direction="none",  # stiffening helps an infant that is about to fall and hinders one that moves
    bounds=SHARE,
)
def trunk_coactivation(recording: Recording) -> float:
    """Co-activation index of trunk flexors and extensors, Falconer & Winter 1985, 0 to 1.

    Each side of the trunk is the plain mean over its muscles (:data:`TRUNK_FLEXORS`,
    :data:`TRUNK_EXTENSORS`, left and right); NaN if no muscle of a side is among those recorded.
    """
    flexors, extensors = (
        _mean_activation(recording, groups) for groups in (TRUNK_FLEXORS, TRUNK_EXTENSORS)
    )
    return coactivation(flexors, extensors)


def coactivation(first: Vector, second: Vector) -> float:
    """Co-activation index of Falconer and Winter: 0 taking turns or one alone, 1 always alike.

    ``2 sum(min(a, b)) / sum(a + b)`` over time, the common area of two activations over their whole
    area.

    >>> coactivation(np.array([0.5, 0.5]), np.array([0.25, 0.75]))
    0.75

    Args:
        first: Activation of a muscle group [0..1], shape (T,).
        second: Activation of its antagonists [0..1], shape (T,).

    Returns:
        NaN if both are silent or a value is not finite.

    Source:
        Falconer & Winter (1985), Electromyogr. Clin. Neurophysiol. 25, 135-149, in the form in
        which the less active muscle is the antagonist at each moment; ``falconer1985``.
    """
    whole = float(np.sum(first + second))
    return float(2 * np.minimum(first, second).sum()) / whole if whole > 0 else nan


def _mean_activation(recording: Recording, groups: tuple[str, ...]) -> Vector:
    wanted = [f"{side}_{group}" for side in ("left", "right") for group in groups]
    own = recording.activation[:, np.isin(recording.muscle_names, wanted)].astype(np.float64)
    return own.mean(axis=1) if own.size else np.full(len(recording.activation), nan)
