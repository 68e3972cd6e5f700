"""The cells of a study file; in each cell one infant is trained in one arm.

A cell holds everything that decides its result, so its key is a hash of its content. Arms are
paired: the random numbers of training and of the tests follow from the study and the infant alone,
never from the arm, so all arms get the same infant, the same untrained policy, the same noise and
the same tests.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, TypeAlias

import numpy as np
from pydantic import Field, JsonValue

from dmi_sim.body.growth import StandardScores
from dmi_sim.catalog import Catalog, override
from dmi_sim.cohorts import DrawnBody, draw_body
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.provenance import fingerprint
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.arm import ArmSpec, SettingValue
from dmi_sim.spec.base import Strict
from dmi_sim.spec.changes import refused_changes
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import HOURS_TO_SUCCESS, StudySpec
from dmi_sim.study.sources import data_sha256

_KEY_DIGITS = 16
EnvArgument: TypeAlias = str | float | bool | dict[str, JsonValue]
"""Value of an argument of an environment, as JSON holds it."""
ALONE = ("none",)
"""Hands of a test in which the infant is alone."""


def condition_kind(condition: str, options: Mapping[str, str | float]) -> str:
    """A condition with its options, as the tables of a study call it.

    >>> condition_kind("spastic_cp", {"topography": "diplegia"})
    'spastic_cp topography=diplegia'
    """
    return " ".join([condition, *(f"{name}={value}" for name, value in sorted(options.items()))])


class Subject(Strict):
    """One simulated infant; its ``seed`` counts infants from 0."""

    condition: str
    severity: float
    condition_options: dict[str, str | float] = Field(default_factory=dict)
    age_months: float
    sex: str
    seed: int
    length_z: float = Field(default=0.0, exclude_if=lambda score: score == 0)
    """Standard score of length; 0 unless the body was drawn."""
    weight_z: float = Field(default=0.0, exclude_if=lambda score: score == 0)
    """Standard score of weight; 0 unless the body was drawn."""

    @property
    def kind(self) -> str:
        """The condition with its options, such as ``spastic_cp topography=diplegia``."""
        return condition_kind(self.condition, self.condition_options)


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


class Cell(Strict):
    """One infant that is trained in one arm: everything that decides the result."""

    study: str
    exercise: str
    arm: str
    arm_spec: ArmSpec
    """The support during training."""
    subject: Subject
    schedule: Schedule
    reward_weights: dict[str, float] = Field(default_factory=dict, exclude_if=lambda x: not x)
    """Weights of reward terms in place of the exercise's, by name."""
    training: dict[str, SettingValue] = Field(default_factory=dict, exclude_if=lambda x: not x)
    """Settings of the learner in place of the exercise's, by name."""
    data_sha256: str
    """Hash of all files that describe infant and exercise, see :func:`data_sha256`."""

    @property
    def key(self) -> str:
        """Hash of the content; the name of the cell's folder."""
        return fingerprint(self.model_dump(mode="json"))[:_KEY_DIGITS]

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
    def label(self) -> str:
        """The cell in words, for progress reports and messages."""
        subject = self.subject
        kind = "" if subject.condition == "typical" else f" {subject.kind} {subject.severity:g}"
        infant = f"{subject.sex} infant {subject.seed} at {subject.age_months:g} months"
        return f"{self.arm}:{kind} {infant}"

    @property
    def infant_arguments(self) -> dict[str, EnvArgument]:
        """Arguments of an environment for this infant, without anything that it practises."""
        practised = {"support", "support_strength", "reward_weights", "pushes"}
        return {name: one for name, one in self.env_arguments.items() if name not in practised}


def _support_argument(arm: ArmSpec) -> EnvArgument:
    """The support of an arm as plain data, as an environment takes it."""
    return arm.support if isinstance(arm.support, str) else arm.support.model_dump(mode="json")


def labels(cells: Iterable[Cell]) -> dict[str, str]:
    """The cells in words, by key; with the dose where several cells differ in nothing else."""
    plain = {cell.key: cell for cell in cells}
    counts = Counter(cell.label for cell in plain.values())
    return {
        key: cell.label
        if counts[cell.label] == 1
        else f"{cell.label}, {cell.schedule.evaluation_steps[-1]} steps"
        for key, cell in plain.items()
    }


def choose(
    catalog: Catalog, name: str, *, quick: bool = False, settings: Sequence[str] = ()
) -> StudySpec:
    """A study with its settings applied, ready to be planned.

    Args:
        catalog: Source of the study files.
        name: Stem of the study file.
        quick: Whether the values of its ``quick`` block apply.
        settings: Settings ``dotted.key=value``; they win over the file and its ``quick`` block.

    Raises:
        InputError: If there is no such study, a setting is unknown or not allowed, or the primary
            outcome does not exist.
    """
    return with_settings(name, catalog.load(StudySpec, name), quick=quick, settings=settings)


def with_settings(
    name: str, spec: StudySpec, *, quick: bool = False, settings: Sequence[str] = ()
) -> StudySpec:
    """A study from anywhere with settings applied, see :func:`choose`.

    Args:
        name: Name of the study.
        spec: The study as its file has it.
        quick: Whether the values of its ``quick`` block apply.
        settings: Settings ``dotted.key=value``.

    Raises:
        InputError: If a setting is unknown or not allowed, or there is no such outcome.
    """
    for setting in settings:
        _check_setting(spec, setting.partition("=")[0].strip())
    chosen = override(spec.quick_form() if quick else spec, settings)
    _refuse(name, unknown_outcome(chosen))
    return chosen


def unknown_outcome(study: StudySpec) -> Iterator[str]:
    """The problem of a primary outcome that is not registered: ``field: reason``."""
    name = study.primary_outcome.outcome
    reason = "" if name == HOURS_TO_SUCCESS else OUTCOMES.unknown(name)
    if reason:
        yield f"primary_outcome.outcome: {reason}"


def _refuse(name: str, problems: Iterable[str]) -> None:
    lines = [f"{StudySpec.folder}/{name}.yaml: {problem}" for problem in dict.fromkeys(problems)]
    if lines:
        raise InputError(*lines)


def _check_setting(spec: StudySpec, key: str) -> None:
    first, _, rest = key.partition(".")
    if first == "quick":
        raise InputError(f"--set {key}: set '{rest or 'the value'}' itself, it wins over quick")
    arm, _, inner = rest.partition(".")
    if first == "arms" and inner and arm not in spec.arms:
        raise InputError(f"--set {key}: no arm '{arm}'; {did_you_mean(arm, spec.arms)}")


def plan(name: str, study: StudySpec, catalog: Catalog) -> list[Cell]:
    """All cells of a study, infant by infant, so that the arms of one infant end close together.

    Args:
        name: Name of the study (its file stem).
        study: The study with its settings applied.
        catalog: Source of the files of infant and exercise.

    Raises:
        InputError: If the study names a file or an outcome that does not exist.
    """
    _refuse(name, (*study.problems(catalog), *unknown_outcome(study)))
    exercise = catalog.load(ExerciseSpec, study.exercise)
    _refuse(name, refused_changes(study, exercise))
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
            data_sha256=data_sha256(study.exercise, subject.condition, catalog),
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
