"""The cells of a study file; in each cell one infant is trained in one arm.

A cell holds everything that decides its result, so its key is a hash of its content. Arms are
paired: the random numbers of training and of the tests follow from the study and the infant alone,
never from the arm, so all arms get the same infant, the same untrained policy, the same noise and
the same tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, TypeAlias

import numpy as np
from pydantic import Field, JsonValue

from dmi_sim.body.growth import StandardScores
from dmi_sim.catalog import Catalog
from dmi_sim.cohorts import DrawnBody, draw_body
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.arm import ArmSpec, SettingValue
from dmi_sim.spec.base import Strict
from dmi_sim.spec.changes import refused_changes
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.cell import StudyCell, Subject
from dmi_sim.study.choose import refuse, unknown_outcome
from dmi_sim.study.sources import data_sha256

EnvArgument: TypeAlias = str | float | bool | dict[str, JsonValue]
"""Value of an argument of an environment, as JSON holds it."""
ALONE = ("none",)
"""Hands of a test in which the infant is alone."""


class Schedule(Strict):
    """Training and tests of one infant, the same in every arm."""

    training_seed: int
    training_pushes: bool
    """Whether the infant is pushed during training."""
    evaluation_steps: tuple[int, ...]
    """Control steps of training before each evaluation, from 0."""
    test_seeds: tuple[int, ...]
    """Seeds of the test episodes, the same at every evaluation, pushed or not."""
    test_pushes: tuple[bool, ...]
    """Whether the infant is pushed, for each round of test episodes at an evaluation."""
    test_supports: tuple[str, ...] = Field(default=ALONE, exclude_if=lambda sites: sites == ALONE)
    """Hands in which the infant is tested, each in rounds of its own."""
    test_strength: float = Field(default=1.0, exclude_if=lambda strength: strength == 1.0)
    """Firmness of these hands, from 0 to 1, the same in every arm."""
    transfer: tuple["TransferTest", ...] = Field(default=(), exclude_if=lambda tests: not tests)
    """Tests in exercises that the infant has not practised."""

    @property
    def test_count(self) -> int:
        """Test episodes at one evaluation."""
        rounds = len(self.test_pushes) * len(self.test_supports)
        rounds += sum(len(test.pushes) * len(test.supports) for test in self.transfer)
        return len(self.test_seeds) * rounds


class TransferTest(Strict):
    """Tests in an exercise that the infant has not practised, with the same seeds."""

    exercise: str
    supports: tuple[str, ...]
    """Hands in which the infant is tested, each in rounds of its own."""
    pushes: tuple[bool, ...]
    """Whether the infant is pushed, for each round."""
    data_sha256: str = ""
    """Hash of all files that describe infant and exercise."""


@dataclass(frozen=True)
class TestRound:
    """Test episodes of one kind at an evaluation, one per seed.

    Attributes:
        exercise: Exercise that the infant does.
        support: Hands that hold it.
        pushed: Whether it is pushed.
    """

    __test__: ClassVar[bool] = False  # not a test case, whatever its name says

    exercise: str
    support: str
    pushed: bool


class Cell(StudyCell):
    """One infant that is trained in one arm: everything that decides the result."""

    exercise: str
    arm_spec: ArmSpec
    """The support during training."""
    schedule: Schedule
    reward_weights: dict[str, float] = Field(default_factory=dict, exclude_if=lambda x: not x)
    """Weights of reward terms in place of the exercise's, by name."""
    training: dict[str, SettingValue] = Field(default_factory=dict, exclude_if=lambda x: not x)
    """Settings of the learner in place of the exercise's, by name."""
    data_sha256: str
    """Hash of all files that describe infant and exercise, see :func:`data_sha256`."""

    @property
    def identity(self) -> dict[str, str | int | float]:
        """The columns that identify the rows of this cell, see ``columns.IDENTITY``."""
        subject = self.subject
        return {
            "study": self.study,
            "cell": self.key,
            "arm": self.arm,
            "condition": subject.kind,
            "severity": subject.severity,
            "age_months": subject.age_months,
            "sex": subject.sex,
            "length_z": subject.length_z,
            "weight_z": subject.weight_z,
            "seed": subject.seed,
            "planned_steps": self.schedule.evaluation_steps[-1],
        }

    @property
    def test_rounds(self) -> tuple[TestRound, ...]:
        """The kinds of tests at an evaluation, in their order; those of the exercise come first."""
        own = TransferTest(
            exercise=self.exercise,
            supports=self.schedule.test_supports,
            pushes=self.schedule.test_pushes,
        )
        return tuple(
            TestRound(test.exercise, support, pushed)
            for test in (own, *self.schedule.transfer)
            for support in test.supports
            for pushed in test.pushes
        )

    @property
    def env_arguments(self) -> dict[str, EnvArgument]:
        """Arguments of the environment in which this infant is trained."""
        subject = self.subject
        weights: dict[str, JsonValue] = {**self.reward_weights}
        return {
            "age_months": subject.age_months,
            "sex": subject.sex,
            "condition": subject.condition,
            "severity": subject.severity,
            "condition_options": dict[str, JsonValue](subject.condition_options),
            "length_z": subject.length_z,
            "weight_z": subject.weight_z,
            "support": _support_argument(self.arm_spec),
            "support_strength": self.arm_spec.support_strength,
            "pushes": self.schedule.training_pushes,
            **({"reward_weights": weights} if weights else {}),
        }

    @property
    def detail(self) -> str:
        """The dose, in which the cells of one infant in one arm differ."""
        return f"{self.schedule.evaluation_steps[-1]} steps"

    @property
    def infant_arguments(self) -> dict[str, EnvArgument]:
        """Arguments of an environment for this infant, without anything that it practises."""
        practised = {"support", "support_strength", "reward_weights", "pushes"}
        return {name: one for name, one in self.env_arguments.items() if name not in practised}


def _support_argument(arm: ArmSpec) -> EnvArgument:
    """The support of an arm as plain data, as an environment takes it."""
    return arm.support if isinstance(arm.support, str) else arm.support.model_dump(mode="json")


def plan(name: str, study: StudySpec, catalog: Catalog) -> list[Cell]:
    """All cells of a study, infant by infant, so that the arms of one infant end close together.

    Args:
        name: Name of the study (its file stem).
        study: The study with its settings applied.
        catalog: Source of the files of infant and exercise.

    Raises:
        InputError: If the study names a file or an outcome that does not exist.
    """
    refuse(name, (*study.problems(catalog), *unknown_outcome(study)))
    exercise = catalog.load(ExerciseSpec, study.exercise)
    refuse(name, refused_changes(study, exercise))
    named = {one.name for one in study.conditions}
    data = {one: data_sha256(study.exercise, one, catalog) for one in named}
    return [
        Cell(
            study=name,
            exercise=study.exercise,
            arm=arm,
            arm_spec=spec.hands,
            subject=_of_arm(subject, spec),
            schedule=_schedule(study, steps, subject, exercise, catalog),
            reward_weights=study.reward_weights(arm),
            training=study.training_settings(arm),
            data_sha256=data[subject.condition],
        )
        for subject in _subjects(study, catalog)
        for arm, spec in study.arms.items()
        for steps in study.doses_of(arm)
    ]


def _of_arm(subject: Subject, arm: ArmSpec) -> Subject:
    """The infant at the age that its arm asks for; seed and so random numbers stay."""
    age = subject.age_months if arm.age_months is None else arm.age_months
    return subject.model_copy(update={"age_months": age})


def _subjects(study: StudySpec, catalog: Catalog) -> Iterator[Subject]:
    groups = product(study.conditions, study.ages_months, study.sexes)
    for seed, (condition, age, sex) in product(range(study.seeds), tuple(groups)):
        body = _body(study, seed, catalog)
        yield Subject(
            condition=condition.name,
            severity=condition.severity,
            condition_options=condition.options,
            age_months=age,
            sex=body.sex if sex == "drawn" else sex,
            seed=seed,
            length_z=body.scores.length,
            weight_z=body.scores.weight,
        )


def _body(study: StudySpec, infant: int, catalog: Catalog) -> DrawnBody:
    """The body of an infant, the same in every arm, at every age and under every condition."""
    if study.subjects == "cohort":
        return draw_body(study.first_seed, infant, catalog)
    return DrawnBody("female", StandardScores())


def _schedule(
    study: StudySpec, steps: int, subject: Subject, exercise: ExerciseSpec, catalog: Catalog
) -> Schedule:
    training, tests = np.random.SeedSequence([study.first_seed, subject.seed]).spawn(2)
    drawn = tests.generate_state(study.test.episodes) % FIRST_EVALUATION_SEED
    last = study.dose.evaluations - 1
    return Schedule(
        training_seed=int(training.generate_state(1)[0]) % FIRST_EVALUATION_SEED,
        training_pushes=study.dose.pushes,
        evaluation_steps=tuple(steps * i // last for i in range(last + 1)),
        test_seeds=tuple(FIRST_EVALUATION_SEED + int(seed) for seed in drawn),
        test_pushes=study.test.pushes,
        test_supports=test_supports(study, exercise),
        test_strength=study.test.support_strength,
        transfer=tuple(
            _transfer_test(study, name, subject.condition, catalog) for name in study.test.transfer
        ),
    )


def test_supports(study: StudySpec, exercise: ExerciseSpec) -> tuple[str, ...]:
    """Hands in which infants are tested in an exercise.

    Those that the study names; else none, or the most distal hands where none are not offered.
    """
    return study.test.supports or exercise.supports[-1:]


def _transfer_test(study: StudySpec, name: str, condition: str, catalog: Catalog) -> TransferTest:
    """The kinds of tests of the study that an exercise offers: pushes only if it has any."""
    exercise = catalog.load(ExerciseSpec, name)
    return TransferTest(
        exercise=name,
        supports=test_supports(study, exercise),
        pushes=tuple(push for push in study.test.pushes if not push or exercise.pushes is not None),
        data_sha256=data_sha256(name, condition, catalog),
    )
