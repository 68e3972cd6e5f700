"""The plan of a training: all that decides which policy comes out."""

from collections.abc import Mapping
from typing import Self

from pydantic import NonNegativeInt, model_validator

from dmi_sim.catalog import Catalog
from dmi_sim.names import INFANT_ID
from dmi_sim.spec.base import Strict
from dmi_sim.spec.curriculum import CurriculumSpec, PracticeSpec, ValidationSpec, slots_problem
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.bundle import Setting
from dmi_sim.training.curriculum import require_curriculum


class TrainingPlan(Strict):
    """All that decides which policy comes out."""

    environment_id: str
    environment_kwargs: dict[str, Setting] = {}
    training: TrainingSpec
    learner: LearnerSpec | None = None
    """Settings of another learner than PPO."""
    seed: NonNegativeInt = 0
    begin_with_sha256: str | None = None
    """Hash of the policy that it begins with."""
    teachers: dict[str, str] = {}
    """Policy that teaches an exercise of the curriculum, by the name of the exercise."""
    teachers_sha256: dict[str, str] = {}
    """Their hashes."""
    practice: tuple[PracticeSpec, ...] = ()
    """Slots of a curriculum; without any all environments are alike."""
    later_from_steps: int | None = None
    """Control steps after which the later slots hold; None if they are always the same."""
    validation: ValidationSpec = ValidationSpec()
    """Tests along the way of a curriculum."""

    @model_validator(mode="after")
    def _an_environment_for_each_slot(self) -> Self:
        problem = slots_problem(self.practice, self.training) if self.practice else None
        if problem:
            raise ValueError(problem)
        return self

    def is_later(self, steps: int) -> bool:
        """Whether the later slots hold in the chunk that begins after some steps."""
        return self.later_from_steps is not None and steps >= self.later_from_steps

    def later_share(self, steps: int) -> float:
        """Share of the first steps in which the later slots held."""
        if self.later_from_steps is None or not steps:
            return 0.0
        chunk = self.training.chunk_steps
        begins = -(-self.later_from_steps // chunk) * chunk  # the next whole chunk
        return max(0, steps - begins) / steps

    def differences(self, other: "TrainingPlan") -> tuple[str, ...]:
        """What another plan asks for otherwise, one line each; empty if it is the same.

        Args:
            other: The plan at hand; ``self`` is that of the training so far.
        """
        before, now = _flat(self), _flat(other)
        return tuple(
            f"{key}: was {before.get(key)}, now {now.get(key)}"
            for key in before | now
            if before.get(key) != now.get(key)
        )


def curriculum_plan(
    curriculum: CurriculumSpec,
    seed: int = 0,
    environment_kwargs: Mapping[str, Setting] | None = None,
    catalog: Catalog | None = None,
    label: str = "curriculum",
) -> TrainingPlan:
    """The plan of a curriculum.

    Args:
        curriculum: What is practised.
        seed: Seed of everything random.
        environment_kwargs: Arguments of all environments, which win over those of the curriculum.
        catalog: Catalog with the exercises; that of this installation by default.
        label: Name of the curriculum in messages.

    Raises:
        InputError: If it cannot be practised, one line per problem.
    """
    settings = dict(environment_kwargs or {})
    require_curriculum(curriculum, catalog or Catalog.shipped(), settings, label)
    return TrainingPlan(
        environment_id=INFANT_ID,
        environment_kwargs=settings,
        training=curriculum.training,
        seed=seed,
        teachers=curriculum.teachers,
        practice=curriculum.practice,
        later_from_steps=curriculum.later_from_steps,
        validation=curriculum.validation,
    )


def _flat(plan: TrainingPlan) -> dict[str, object]:
    """All settings of a plan by their dotted names, those of the plan itself first."""
    told = plan.model_dump(exclude={"practice"})
    parts = {name: value for name, value in told.items() if isinstance(value, Mapping)}
    parts |= {f"practice[{i}]": one.model_dump() for i, one in enumerate(plan.practice)}
    parts["environment_kwargs"] = parts.pop("environment_kwargs")  # they come last
    whole = {name: value for name, value in told.items() if name not in parts}
    return whole | {f"{name}.{key}": inner for name in parts for key, inner in parts[name].items()}
