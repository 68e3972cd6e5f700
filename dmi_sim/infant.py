"""An infant of an age, sex and condition: body, muscles and nervous layer, without an engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np

from dmi_sim.aliases import in_plain_words
from dmi_sim.anatomy import AXES
from dmi_sim.body.anthropometry import (
    Anthropometry,
    BodyLengths,
    body_lengths,
    segment_masses,
    standing_length,
    whole_mass,
)
from dmi_sim.body.bullet_urdf import bullet_urdf_text
from dmi_sim.body.growth import LARGEST_AGE_MONTHS, BodySize, Sex, StandardScores
from dmi_sim.body.mjcf import mjcf_text
from dmi_sim.body.segments import Segment, build_segments
from dmi_sim.body.urdf import JointLimits, urdf_text
from dmi_sim.catalog import Catalog
from dmi_sim.condition.growth import Growth, growth_under
from dmi_sim.condition.options import resolve_options
from dmi_sim.condition.size import ChosenSize, chosen_scores
from dmi_sim.condition.transform import AppliedCondition, with_condition
from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.muscle.adaptation import adapted, chosen_lengths
from dmi_sim.muscle.groups import Muscles, build_muscles
from dmi_sim.muscle.strength import active_torques, peak_torque_nm
from dmi_sim.muscle.tissue import build_tissue
from dmi_sim.nervous.sensorimotor import SensorimotorParams, build_sensorimotor_params
from dmi_sim.spec.body import BodySpec
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.muscle import MuscleSpec
from dmi_sim.spec.nervous import NervousSpec
from dmi_sim.spec.tissue import TissueSpec

UrdfDialect = Literal["standard", "bullet"]
"""Kind of URDF: what most tools read, or what Bullet reads."""
URDF_DIALECTS: tuple[str, ...] = get_args(UrdfDialect)

SEXES: tuple[str, ...] = get_args(Sex)

BODY, MUSCLES, TISSUE, NERVOUS = "infant", "hill_groups", "passive", "spinal"
"""Names of the files in ``models/`` that every infant is built from."""


@dataclass(frozen=True)
class InfantConfig:
    """All that a user may choose about an infant.

    Attributes:
        age_months: Chronological age, since birth, 0 to 24 [months].
        sex: ``female`` or ``male``.
        condition: Name of a file in ``models/conditions/``.
        severity: Severity of the condition, 0 to 1.
        length_z: Standard score of length, -5 to 5; found from the length if that was given.
        weight_z: Standard score of weight, -5 to 5; found from the mass if that was given.
        condition_options: Name and value of every option of the condition, defaults included;
            ``dict()`` of it is what :meth:`Infant.from_spec` takes.
        fibre_lengths: Name and optimal fibre length of every muscle that has adapted, over what the
            body gives.
    """

    age_months: float = 7.0
    sex: Sex = "female"
    condition: str = "typical"
    severity: float = 0.5
    length_z: float = 0.0
    weight_z: float = 0.0
    condition_options: tuple[tuple[str, float | str], ...] = ()
    fibre_lengths: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Infant:
    """One infant, complete and frozen; infants of equal configuration are equal.

    Attributes:
        config: Age, sex, size and condition that the infant was built from.
        anthropometry: Size, lengths [m] and masses [kg] that the segments are built from.
        ordered_segments: The 15 segments in the order of :data:`dmi_sim.anatomy.SEGMENTS`.
        muscles: Muscle groups of both sides, and passive tissue.
        nervous: Reflexes, conduction delays and noise.
        developmental_months: Age by which proportions, strength and nerves follow their curves
            [months]; corrected if the infant was born early.

    >>> infant = Infant.from_spec(age_months=6, sex="female")
    >>> round(infant.mass_kg, 2), round(infant.length_m, 3)
    (7.3, 0.657)
    """

    config: InfantConfig
    anthropometry: Anthropometry
    ordered_segments: tuple[Segment, ...]
    muscles: Muscles
    nervous: SensorimotorParams
    developmental_months: float

    @classmethod
    def from_spec(
        cls,
        age_months: float | str = 7.0,
        sex: Sex = "female",
        condition: str = "typical",
        severity: float | str = 0.5,
        condition_options: Mapping[str, object] | None = None,
        *,
        length_z: float = 0.0,
        weight_z: float = 0.0,
        mass_kg: float | None = None,
        length_m: float | None = None,
        fibre_lengths: Mapping[str, float] | None = None,
        catalog: Catalog | None = None,
    ) -> "Infant":
        """The infant that the growth standard gives for an age and sex, under a condition.

        Args:
            age_months: Chronological age, since birth, 0 to 24 [months]; also as ``"6 weeks"``.
            sex: ``female`` or ``male``.
            condition: Name of a file in ``models/conditions/``, or another word for it in
                :mod:`dmi_sim.aliases`, such as ``cp``.
            severity: Severity of the condition, from 0, equal to typical, to 1; also as ``mild``,
                ``moderate`` or ``severe``.
            condition_options: Values for the options of the condition; the others keep their
                defaults.
            length_z: Standard score of length, -5 to 5; head circumference has the same.
            weight_z: Standard score of weight, -5 to 5.
            mass_kg: Body mass in place of ``weight_z`` [kg].
            length_m: Body length in place of ``length_z`` [m].
            fibre_lengths: Optimal fibre length of muscles that have adapted, over what the body
                gives, 0.5 to 1.5, by muscle such as ``left_soleus``, or ``soleus`` for both sides.
            catalog: Catalog that the files are read from; the shipped one by default.

        Raises:
            InputError: If a value is out of range, a name is unknown, or one quantity is given as
                a measure and as a standard score.

        >>> round(Infant.from_spec(7, mass_kg=6.2, length_m=0.65).config.weight_z, 2)
        -1.74

        >>> weak = Infant.from_spec(7, condition="hypotonia", severity=0.8)
        >>> weak.peak_torque_nm("neck", "extension") < Infant.from_spec(7).peak_torque_nm(
        ...     "neck", "extension"
        ... )
        True
        """
        catalog = catalog or Catalog.shipped()
        given = {"age_months": age_months, "sex": sex, "condition": condition, "severity": severity}
        names = {"sex": SEXES, "condition": catalog.names(ConditionSpec)}
        plain: dict[str, Any] = in_plain_words(given, **names)
        config = InfantConfig(**plain, length_z=length_z, weight_z=weight_z)
        _check(config, catalog)
        condition = config.condition
        spec = catalog.load(ConditionSpec, condition)
        options = resolve_options(condition, spec, condition_options)
        config = replace(config, condition_options=tuple(options.items()))
        applied = AppliedCondition(condition, spec, options, config.severity)
        size = ChosenSize(length_z, weight_z, mass_kg, length_m)
        return _with_lengths(_build(config, applied, size, catalog), fibre_lengths or {})

    @property
    def size(self) -> BodySize:
        """Mass [kg], length [m] and head circumference [m] by the growth chart of the infant."""
        return self.anthropometry.size

    @property
    def lengths(self) -> BodyLengths:
        """Lengths and breadths of the body [m]."""
        return self.anthropometry.lengths

    @property
    def mass_kg(self) -> float:
        """Body mass [kg], the sum over the segments."""
        return sum(segment.mass_kg for segment in self.ordered_segments)

    @property
    def length_m(self) -> float:
        """Length of the straight body from sole to vertex [m]."""
        return standing_length(self.anthropometry.lengths)

    @cached_property
    def segments(self) -> dict[str, Segment]:
        """Segments by name.

        >>> sorted(Infant.from_spec(7).segments)[:3]
        ['head', 'left_foot', 'left_forearm']
        """
        return {segment.node.name: segment for segment in self.ordered_segments}

    def urdf(self, dialect: UrdfDialect = "standard") -> str:
        """The body as URDF text, with the inertia floor of the simulation.

        Args:
            dialect: ``standard`` has three revolute joints in place of each ball joint, limits and
                a body to look at; ROS, pinocchio, yourdfpy and MuJoCo read it. ``bullet`` is what
                our own physics reads: ball joints, which no one else knows.

        Raises:
            InputError: If the dialect is unknown.

        >>> Infant.from_spec(7).urdf().splitlines()[0]
        '<robot name="infant">'
        """
        if dialect not in URDF_DIALECTS:
            raise InputError(
                f"dialect: no '{dialect}'; {did_you_mean(str(dialect), URDF_DIALECTS)}"
            )
        if dialect == "bullet":
            return bullet_urdf_text(self.ordered_segments)
        return urdf_text(self.anthropometry, self.ordered_segments, self._joint_limits)

    @property
    def _joint_limits(self) -> JointLimits:
        """Ranges of motion, and torques of all muscles of a direction together, at rest."""
        tissue = self.muscles.tissue
        torques = active_torques(self.muscles, np.array(tissue.rest_rad))
        either_way = np.maximum(torques.clip(min=0).sum(axis=1), -torques.clip(max=0).sum(axis=1))
        return JointLimits(tissue.lowest_rad, tissue.highest_rad, tuple(either_way.tolist()))

    def mjcf(self) -> str:
        """The same body as MJCF text, to be included in a scene of MuJoCo.

        >>> Infant.from_spec(7).mjcf().splitlines()[0]
        '<mujoco model="infant">'
        """
        spec = self.anthropometry.spec
        return mjcf_text(
            self.ordered_segments,
            touching_pairs=spec.touching_pairs,
            friction=spec.contact_friction.value,
        )

    def peak_torque_nm(self, joint: str, direction: str) -> float:
        """Peak isometric torque of a joint in a direction [N m]; of one side, for a limb.

        Args:
            joint: Name of the joint, such as ``neck`` or ``left_hip``; a limb joint without its
                side means the right one.
            direction: Name of the direction, such as ``flexion``, ``extension``, ``abduction``.

        Raises:
            InputError: If the joint is unknown or has no such direction.

        >>> round(Infant.from_spec(6).peak_torque_nm("neck", "extension"), 1)
        2.6
        """
        axis_and_sign = {
            (name, word): (index, sign)
            for index, axis in enumerate(AXES)
            for sign, word in zip((1, -1), axis.directions, strict=True)
            for name in (axis.kind, axis.joint)
        }
        if (joint, direction) not in axis_and_sign:
            raise InputError(_unknown_direction(joint, direction, list(axis_and_sign)))
        return peak_torque_nm(self.muscles, *axis_and_sign[joint, direction])


def who(infant: Infant) -> dict[str, Any]:
    """Who an infant is: what :meth:`Infant.from_spec` takes, in plain values.

    >>> who(Infant.from_spec(6, condition="cp"))["condition"]
    'spastic_cp'
    """
    config = infant.config
    return {
        "age_months": config.age_months,
        "sex": config.sex,
        "condition": config.condition,
        "severity": config.severity,
        "condition_options": dict(config.condition_options),
        "length_z": config.length_z,
        "weight_z": config.weight_z,
        "fibre_lengths": dict(config.fibre_lengths),
    }


def _unknown_direction(joint: str, direction: str, known: list[tuple[str, str]]) -> str:
    joints = {name for name, _ in known}
    if joint not in joints:
        return f"joint: no '{joint}'; {did_you_mean(joint, joints)}"
    words = [word for name, word in known if name == joint]
    return f"direction: no '{direction}' at the {joint}; {did_you_mean(direction, words)}"


def _check(config: InfantConfig, catalog: Catalog) -> None:
    limits = {
        "age_months": (0.0, LARGEST_AGE_MONTHS),
        "severity": (0.0, 1.0),
    }
    for name, (low, high) in limits.items():
        require_within(name, getattr(config, name), low, high)
    names = {"sex": SEXES, "condition": catalog.names(ConditionSpec)}
    for name, known in names.items():
        word: object = getattr(config, name)
        if word not in known:
            raise InputError(f"{name}: no '{word}'; {did_you_mean(str(word), known)}")


def _build(
    config: InfantConfig, condition: AppliedCondition, chosen: ChosenSize, catalog: Catalog
) -> Infant:
    spec = catalog.load(BodySpec, BODY)
    growth = growth_under(condition, catalog, spec, config.sex, config.age_months)
    age = growth.developmental_months
    share = whole_mass(segment_masses(catalog.table(spec.mass_table), 1.0, age))
    scores = chosen_scores(growth, chosen, share, _words(config))
    config = replace(config, length_z=scores.length, weight_z=scores.weight)
    body = _measured(spec, growth, scores, catalog)
    size = body.size
    tissue = build_tissue(catalog.load(TissueSpec, TISSUE), size, age)
    muscles = build_muscles(catalog.load(MuscleSpec, MUSCLES), tissue, size, age)
    nervous = build_sensorimotor_params(
        catalog.load(NervousSpec, NERVOUS), muscles, size.length_m, age
    )
    changed = with_condition(muscles, nervous, condition, age)
    return Infant(config, body, build_segments(body), *changed, age)


def _with_lengths(infant: Infant, fibre_lengths: Mapping[str, float]) -> Infant:
    """An infant whose muscles have adapted."""
    if not fibre_lengths:
        return infant
    lengths = chosen_lengths(infant.muscles, fibre_lengths)
    told = zip(infant.muscles.names, lengths, strict=True)
    config = replace(infant.config, fibre_lengths=tuple(one for one in told if one[1] != 1))
    return replace(infant, config=config, muscles=adapted(infant.muscles, lengths))


def _words(config: InfantConfig) -> str:
    child = {"female": "girl", "male": "boy"}[config.sex]
    condition = "" if config.condition == "typical" else f" ({config.condition})"
    return f"a {child} of {config.age_months:g} months{condition}"


def _measured(
    spec: BodySpec, growth: Growth, scores: StandardScores, catalog: Catalog
) -> Anthropometry:
    size, age = growth.size(scores), growth.developmental_months
    lengths = body_lengths(spec, catalog.table(spec.length_table), size, age)
    masses = segment_masses(catalog.table(spec.mass_table), size.mass_kg, age)
    return Anthropometry(spec, size, lengths, masses)
