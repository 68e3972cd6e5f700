"""An infant of an age, sex and condition: body, muscles and nervous layer, without a simulator."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from dmi_sim.anatomy import AXES
from dmi_sim.body.anthropometry import Dimensions, dimensions, masses, standing_length
from dmi_sim.body.growth import LARGEST_AGE_MONTHS, LARGEST_Z, Scores, Sex, Size
from dmi_sim.body.mjcf import mjcf_text
from dmi_sim.body.segments import BodyPlan, Segment, build_segments
from dmi_sim.body.urdf import urdf_text
from dmi_sim.catalog import Catalog
from dmi_sim.condition.growing import Grown, grown
from dmi_sim.condition.options import choose
from dmi_sim.condition.transform import Case, with_condition
from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.muscle.groups import Muscles, build_muscles
from dmi_sim.muscle.strength import peak_torque_nm
from dmi_sim.muscle.tissue import build_tissue
from dmi_sim.nervous.sensorimotor import SensorimotorParams, build_sensorimotor_params
from dmi_sim.spec.body import BodySpec
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.muscle import MuscleSpec
from dmi_sim.spec.nervous import NervousSpec
from dmi_sim.spec.tissue import TissueSpec

BODY, MUSCLES, TISSUE, NERVOUS = "infant", "hill_groups", "passive", "spinal"
"""Files of the infant in ``models/``."""


@dataclass(frozen=True)
class InfantConfig:
    """What a user may choose about an infant.

    Attributes:
        age_months: Since birth, 0 to 24.
        sex: ``female`` or ``male``.
        condition: Name of a file in ``models/conditions/``.
        severity: Of the condition, 0 to 1.
        length_z: Standard score of length, -3 to 3.
        weight_z: Standard score of weight, -3 to 3.
        condition_options: Name and value of every option of the condition, defaults included;
            ``dict()`` of it is what :meth:`Infant.from_spec` takes.
    """

    age_months: float = 7.0
    sex: Sex = "female"
    condition: str = "typical"
    severity: float = 0.5
    length_z: float = 0.0
    weight_z: float = 0.0
    condition_options: tuple[tuple[str, float | str], ...] = ()


@dataclass(frozen=True)
class Infant:
    """One infant, complete and frozen; two with equal config are equal.

    Attributes:
        config: What was asked for.
        plan: Spec, size [kg, m], lengths [m] and masses [kg] of the body.
        parts: The 15 segments, parents first.
        muscles: Muscle groups and passive tissue.
        nervous: Reflexes, noise and delays.
        developmental_months: Age by which proportions, strength and nerves follow their curves:
            corrected if born early.
    """

    config: InfantConfig
    plan: BodyPlan
    ordered_segments: tuple[Segment, ...]
    muscles: Muscles
    nervous: SensorimotorParams
    developmental_months: float

    @classmethod
    def from_spec(
        cls,
        age_months: float = 7.0,
        sex: Sex = "female",
        condition: str = "typical",
        severity: float = 0.5,
        condition_options: Mapping[str, object] | None = None,
        *,
        length_z: float = 0.0,
        weight_z: float = 0.0,
        catalog: Catalog | None = None,
    ) -> "Infant":
        """The infant of the growth standards at an age, under a condition.

        Args:
            age_months: Since birth, 0 to 24.
            sex: ``female`` or ``male``.
            condition: Name of a file in ``models/conditions/``.
            severity: 0, equal to typical, to 1.
            condition_options: EnvConfig that the condition offers.
            length_z: Standard score of length.
            weight_z: Standard score of weight.
            catalog: Where files are read; the shipped ones by default.

        Raises:
            InputError: If a value is out of range or a name unknown.
        """
        catalog = catalog or Catalog.shipped()
        config = InfantConfig(age_months, sex, condition, severity, length_z, weight_z)
        _check(config, catalog)
        spec = catalog.load(ConditionSpec, condition)
        options = choose(condition, spec, condition_options)
        config = replace(config, condition_options=tuple(options.items()))
        return _build(config, Case(condition, spec, options, severity), catalog)

    @property
    def size(self) -> Size:
        """Mass [kg], length [m] and head circumference [m] of the growth standard."""
        return self.plan.size

    @property
    def lengths(self) -> Dimensions:
        """Lengths of the parts of the body [m]."""
        return self.plan.lengths

    @property
    def mass_kg(self) -> float:
        """Body mass, the sum of the segments [kg]."""
        return sum(segment.mass_kg for segment in self.ordered_segments)

    @property
    def length_m(self) -> float:
        """Sole to vertex of the straight body [m]."""
        return standing_length(self.plan.lengths)

    @cached_property
    def segments(self) -> dict[str, Segment]:
        """Segments by name."""
        return {segment.node.name: segment for segment in self.ordered_segments}

    def urdf(self) -> str:
        """The body as URDF text, with the inertia floor of the simulation."""
        return urdf_text(self.ordered_segments)

    def mjcf(self) -> str:
        """The same body as MJCF text, to be included in a scene of MuJoCo."""
        spec = self.plan.spec
        return mjcf_text(
            self.ordered_segments,
            touching_pairs=spec.touching_pairs,
            friction=spec.contact_friction.value,
        )

    def peak_torque_nm(self, joint: str, direction: str) -> float:
        """Largest isometric torque [N m] of a joint (one side of a limb) in a direction.

        Args:
            joint: Such as ``neck`` or ``left_hip``; a limb without its side means the right one.
            direction: Such as ``flexion``, ``extension``, ``abduction``, ``adduction``.

        Raises:
            InputError: If the joint has no such direction.
        """
        found = {
            (name, word): (index, 1 - 2 * place)
            for index, axis in enumerate(AXES)
            for place, word in enumerate(axis.directions)
            for name in (axis.kind, axis.joint)
        }
        if (joint, direction) not in found:
            raise InputError(_unknown_direction(joint, direction, list(found)))
        return peak_torque_nm(self.muscles, *found[joint, direction])


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
        "length_z": (-LARGEST_Z, LARGEST_Z),
        "weight_z": (-LARGEST_Z, LARGEST_Z),
    }
    for name, (low, high) in limits.items():
        require_within(name, getattr(config, name), low, high)
    names = {"sex": ("female", "male"), "condition": catalog.names(ConditionSpec)}
    for name, known in names.items():
        word: object = getattr(config, name)
        if word not in known:
            raise InputError(f"{name}: no '{word}'; {did_you_mean(str(word), known)}")


def _build(config: InfantConfig, case: Case, catalog: Catalog) -> Infant:
    body = catalog.load(BodySpec, BODY)
    now = grown(
        case,
        catalog,
        body.growth_table,
        config.sex,
        config.age_months,
        Scores(config.length_z, config.weight_z),
    )
    plan, age = _plan(body, now, catalog), now.age_months
    tissue = build_tissue(catalog.load(TissueSpec, TISSUE), now.size, age)
    muscles = build_muscles(catalog.load(MuscleSpec, MUSCLES), tissue, now.size, age)
    nervous = build_sensorimotor_params(
        catalog.load(NervousSpec, NERVOUS), muscles, now.size.length_m, age
    )
    changed = with_condition(muscles, nervous, case, age)
    return Infant(config, plan, build_segments(plan), *changed, age)


def _plan(body: BodySpec, now: Grown, catalog: Catalog) -> BodyPlan:
    lengths = dimensions(body, catalog.table(body.length_table), now.size, now.age_months)
    shares = catalog.table(body.mass_table)
    return BodyPlan(body, now.size, lengths, masses(shares, now.size, now.age_months))
