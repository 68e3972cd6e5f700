"""Start poses that chance decides: other angles of the joints, at rest, the mass over its base."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.resting import RigidBody, at_rest
from dmi_sim.spec.exercise import StartPoseSpec

MOST_DRAWS = 50
"""Poses that are drawn at most for one start; of these the one nearest to what is asked begins."""


@dataclass(frozen=True, eq=False)
class Starts:
    """The start poses of an infant in an exercise.

    Attributes:
        mean: Mean pose, at rest.
        spec: How poses differ from it.
        actuated: Indices of the axes that differ.
        body: The infant with stiff joints, in its surroundings.
    """

    mean: Pose
    spec: StartPoseSpec
    actuated: Index
    body: RigidBody

    def draw(self, random: np.random.Generator) -> Pose:
        """A start pose, at rest.

        Args:
            random: Source of the differences.
        """
        if self._com_within_m is None:
            return self._rested(random)
        nearest, least_m = self.mean, np.inf
        for _ in range(MOST_DRAWS):
            pose = self._rested(random)
            off_m = self._com_off_m(pose)
            if off_m < least_m:
                nearest, least_m = pose, off_m
            if off_m <= self._com_within_m:
                break
        return nearest

    @property
    def _com_within_m(self) -> float | None:
        share = self.spec.com_within
        return None if share is None else share * self.body.infant.length_m

    def _rested(self, random: np.random.Generator) -> Pose:
        angle, spread_rad = self.mean.angle_rad.copy(), np.radians(self.spec.angle_sd_deg)
        angle[self.actuated] += random.normal(0, spread_rad, self.actuated.size)
        return at_rest(replace(self.mean, angle_rad=angle), self.body)

    def _com_off_m(self, pose: Pose) -> float:
        """How far the mass is from where the mean pose has it, over the same contacts [m]."""
        base, mean_m = self._base
        return float(np.linalg.norm(self.body.com_over_base_m(pose, base) - mean_m))

    @cached_property
    def _base(self) -> tuple[Index, Vector]:
        """What the mean pose touches, and where its mass is over that [m]."""
        base = self.body.touching(self.mean)
        return base, self.body.com_over_base_m(self.mean, base)
