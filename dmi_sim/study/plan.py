"""The cells of a study file; in each cell one infant is trained in one arm.

A cell holds everything that decides its result, so its key is a hash of its content. Arms are
paired: the random numbers of training and of the tests follow from the study and the infant alone,
never from the arm, so all arms get the same infant, the same untrained policy, the same noise and
the same tests.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from pydantic import Field

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.provenance import file_sha256, fingerprint, plugin_sources
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.base import Strict
from dmi_sim.spec.study import ArmSpec, StudySpec

_KEY_DIGITS = 16
_DATA_SUFFIXES = {".yaml", ".yml", ".csv"}


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

    @property
    def test_count(self) -> int:
        """Test episodes at one evaluation."""
        return len(self.test_seeds) * len(self.test_pushes)


class Cell(Strict):
    """One infant that is trained in one arm: everything that decides the result."""

    study: str
    exercise: str
    arm: str
    arm_spec: ArmSpec
    """The support during training."""
    subject: Subject
    schedule: Schedule
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
            "seed": subject.seed,
        }

    @property
    def env_arguments(self) -> dict[str, str | float | bool | dict[str, str | float]]:
        """Arguments of the environment in which this infant is trained."""
        subject = self.subject
        return {
            "age_months": subject.age_months,
            "sex": subject.sex,
            "condition": subject.condition,
            "severity": subject.severity,
            "condition_options": subject.condition_options,
            "support": self.arm_spec.support,
            "support_strength": self.arm_spec.support_strength,
            "pushes": self.schedule.training_pushes,
        }

    @property
    def label(self) -> str:
        """The cell in words, for progress reports and messages."""
        subject = self.subject
        kind = "" if subject.condition == "typical" else f" {subject.kind} {subject.severity:g}"
        infant = f"{subject.sex} infant {subject.seed} at {subject.age_months:g} months"
        return f"{self.arm}:{kind} {infant}"


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
    spec = catalog.load(StudySpec, name)
    for setting in settings:
        _check_setting(spec, setting.partition("=")[0].strip())
    chosen = override(spec.quick_form() if quick else spec, settings)
    _refuse(name, unknown_outcome(chosen))
    return chosen


def unknown_outcome(study: StudySpec) -> Iterator[str]:
    """The problem of a primary outcome that is not registered: ``field: reason``."""
    reason = OUTCOMES.unknown(study.primary_outcome.outcome)
    if reason:
        yield f"primary_outcome.outcome: {reason}"


def _refuse(name: str, problems: Iterable[str]) -> None:
    lines = [f"{StudySpec.folder}/{name}.yaml: {problem}" for problem in problems]
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
    return [
        Cell(
            study=name,
            exercise=study.exercise,
            arm=arm,
            arm_spec=arm_spec,
            subject=subject,
            schedule=_schedule(study, subject.seed),
            data_sha256=data_sha256(study.exercise, subject.condition, catalog),
        )
        for subject in _subjects(study)
        for arm, arm_spec in study.arms.items()
    ]


def _subjects(study: StudySpec) -> Iterator[Subject]:
    groups = product(study.conditions, study.ages_months, study.sexes)
    for seed, (condition, age, sex) in product(range(study.seeds), tuple(groups)):
        yield Subject(
            condition=condition.name,
            severity=condition.severity,
            condition_options=condition.options,
            age_months=age,
            sex=sex,
            seed=seed,
        )


def _schedule(study: StudySpec, infant: int) -> Schedule:
    training, tests = np.random.SeedSequence([study.first_seed, infant]).spawn(2)
    drawn = tests.generate_state(study.test.episodes) % FIRST_EVALUATION_SEED
    last = study.dose.evaluations - 1
    return Schedule(
        training_seed=int(training.generate_state(1)[0]) % FIRST_EVALUATION_SEED,
        training_pushes=study.dose.pushes,
        evaluation_steps=tuple(study.dose.training_steps * i // last for i in range(last + 1)),
        test_seeds=tuple(FIRST_EVALUATION_SEED + int(seed) for seed in drawn),
        test_pushes=study.test.pushes,
    )


def data_sha256(exercise: str, condition: str, catalog: Catalog) -> str:
    """One hash over all files of :func:`sources`."""
    return fingerprint(sources(exercise, condition, catalog))


def sources(exercise: str, condition: str, catalog: Catalog) -> dict[str, str]:
    """The files that describe one kind of infant and its exercise, with their hashes.

    All files of ``models`` in all folders of the catalog count, a researcher's own ones too, except
    other conditions, assessments, trained policies and the bibliography. So does the source of
    every installed plug-in, whose terms an exercise may use.

    Args:
        exercise: Stem of the file in ``envs``.
        condition: Stem of the file in ``models/conditions``.
        catalog: Source of the files.

    Returns:
        SHA-256 by path from the root of the catalog, sorted by path, and by plug-in.
    """
    paths = {
        path.relative_to(root)
        for root in catalog.roots
        for path in (root / "models").rglob("*")
        if path.suffix in _DATA_SUFFIXES
    }
    used = [path for path in paths if _describes_infant(path, condition)]
    used.append(Path("envs") / f"{exercise}.yaml")
    files = {path.as_posix(): file_sha256(catalog.locate(path)) for path in sorted(used)}
    return files | plugin_sources()


def _describes_infant(path: Path, condition: str) -> bool:
    """Whether a file in ``models`` can change an infant of a condition or its support."""
    if path.parts[1] == "conditions":
        return path.stem == condition
    return path.parts[1] not in {"assessments", "policies", "references.yaml"}
