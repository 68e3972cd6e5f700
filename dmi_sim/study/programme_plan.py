"""The cells of a study of programmes; in each of them one child lives under one programme.

A cell holds everything that decides what comes of the child, the whole programme and the hash of
the policy that it begins with included, so its key is a hash of its content. Arms are paired: child
``n`` has the same body in every arm and, unless the study says otherwise, the same seed.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from dmi_sim.body.growth import StandardScores
from dmi_sim.catalog import Catalog
from dmi_sim.catalog.messages import explain
from dmi_sim.child.assessment import MILESTONES
from dmi_sim.child.outcomes import CHILD_OUTCOMES
from dmi_sim.cohorts import DrawnBody, draw_body
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.base import Strict
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.spec.plasticity import PlasticitySpec
from dmi_sim.spec.programme import Element, ProgrammeSpec
from dmi_sim.spec.programme_arm import changed_programme
from dmi_sim.spec.programme_study import (
    SHIPPED_ADAPTATION,
    SHIPPED_PARTS,
    AssessmentPart,
    ProgrammeStudySpec,
)
from dmi_sim.study.cell import StudyCell, Subject
from dmi_sim.study.choose import refuse, unknown_outcome
from dmi_sim.study.sources import child_data_sha256
from dmi_sim.therapy.factorial import factorial_names, levels_of, mixed
from dmi_sim.therapy.programmes import programme_problems
from dmi_sim.training.bundle import POLICY, read_bundle_manifest
from dmi_sim.training.library import policy_folder


class Beginning(Strict):
    """The policy that an experienced child begins with."""

    policy: str
    """Name or folder of the policy."""
    sha256: str
    """Hash of its parameters."""


class ChildCell(StudyCell):
    """One child in one arm: everything that decides what comes of it."""

    seed: int
    """Seed of all that is drawn at random: first weights, exploration, starts, noise."""
    programme: ProgrammeSpec
    """The whole programme."""
    brain: BrainSpec
    """How the child learns."""
    plasticity: PlasticitySpec | None
    """What its brain does over months besides learning; None for nothing."""
    adaptation: str | None = Field(
        default=SHIPPED_ADAPTATION, exclude_if=lambda name: name == SHIPPED_ADAPTATION
    )
    """File by which its muscles adapt, which the hash of all files covers; None if they do not."""
    begins_with: Beginning | None
    """What it can do at the start; None if nothing."""
    weeks: int
    """Weeks that it lives through."""
    assessed_in_weeks: tuple[int, ...]
    """Weeks before which it is assessed, from 0."""
    trials: int
    """Trials of each exercise at an assessment."""
    parts: tuple[AssessmentPart, ...] = Field(
        default=SHIPPED_PARTS, exclude_if=lambda parts: parts == SHIPPED_PARTS
    )
    """What it is assessed in besides the exercises."""
    pause_weeks: int
    """Weeks without practice or play before one more assessment; 0 for none."""
    data_sha256: str
    """Hash of all files that describe infants and exercises."""

    @property
    def label(self) -> str:
        """The cell in words, for progress reports and messages."""
        return super().label.replace(" infant ", " child ")

    @property
    def detail(self) -> str:
        """Weeks and seed."""
        return f"{self.weeks} weeks, seed {self.seed}"

    @property
    def identity(self) -> dict[str, str | int | float]:
        """The columns that identify the rows of this cell."""
        subject = self.subject
        return {
            "study": self.study,
            "cell": self.key,
            "arm": self.arm,
            "child": subject.seed,
            "condition": subject.kind,
            "severity": subject.severity,
            "sex": subject.sex,
            "length_z": subject.length_z,
            "weight_z": subject.weight_z,
        }


def plan_children(name: str, study: ProgrammeStudySpec, catalog: Catalog) -> list[ChildCell]:
    """All cells of a study of programmes, child by child.

    Args:
        name: Name of the study (its file stem).
        study: The study with its settings applied.
        catalog: Source of programmes, brains, policies and all that describes infants.

    Raises:
        InputError: If the study names what does not exist, or a programme does not fit.
    """
    problems = (
        *unknown_outcome(study),
        *_unknown_milestone(study),
        *_not_assessed(study),
        *_no_factorial(study),
    )
    refuse(name, (*study.problems(catalog), *problems))
    programmes = _programmes(name, study, catalog)
    brain = _checked(name, "practice", lambda: brain_of(study, catalog))
    plasticity = {arm: _plasticity(study, arm, catalog) for arm in study.arms}
    begins_with = _checked(name, "begins_with", lambda: _beginning(study))
    data = {one.name: child_data_sha256(one.name, catalog) for one in study.who.kinds}
    subjects = [subject_of(study, number, catalog) for number in range(children_of(study))]
    return [
        ChildCell(
            study=name,
            arm=arm,
            subject=subject,
            seed=learning_seed(study, subject.seed, arm),
            programme=programmes[arm],
            brain=brain,
            plasticity=plasticity[arm],
            adaptation=study.practice.adaptation,
            begins_with=begins_with,
            weeks=study.weeks,
            assessed_in_weeks=study.assessed_in_weeks,
            trials=study.assessments.trials,
            parts=study.assessments.parts,
            pause_weeks=study.assessments.pause_weeks,
            data_sha256=data[subject.condition],
        )
        for subject in subjects
        for arm in study.arms
    ]


def _plasticity(study: ProgrammeStudySpec, arm: str, catalog: Catalog) -> PlasticitySpec | None:
    name = study.arms[arm].plasticity or study.practice.plasticity
    return None if name is None else catalog.load(PlasticitySpec, name)


def children_of(study: ProgrammeStudySpec) -> int:
    """Children in each arm, those of all conditions together.

    Args:
        study: The study.
    """
    return study.children * len(study.who.kinds)


def programme_in(study: ProgrammeStudySpec, arm: str, catalog: Catalog) -> ProgrammeSpec:
    """The programme of an arm: its files, what the arm changes, its weeks, less of the free play.

    Args:
        study: The study.
        arm: Name of the arm.
        catalog: Source of the programmes.

    Raises:
        InputError: If the programme does not fit, one line per problem.
    """
    own = study.arms[arm]
    others: dict[Element, ProgrammeSpec] = {
        element: catalog.load(ProgrammeSpec, named) for element, named in own.elements.items()
    }
    before = mixed(catalog.load(ProgrammeSpec, own.programme), others)
    content = changed_programme(before.model_dump(mode="json"), own.changes)
    content["title"] = own.title or content["title"]
    try:
        changed = ProgrammeSpec.model_validate(_in_timetable(content, study, arm))
    except ValidationError as error:
        lines = explain(ProgrammeSpec, error)
        raise InputError(*(f"arms.{arm}.changes: {line}" for line in lines)) from None
    if problems := programme_problems(changed, catalog):
        raise InputError(*(f"arms.{arm}: {line}" for line in problems))
    return changed


def _in_timetable(content: dict[str, Any], study: ProgrammeStudySpec, arm: str) -> dict[str, Any]:
    """A programme in the weeks and from the age of a study, with as much play as it simulates."""
    try:
        timetable = dict[str, Any](content["timetable"])
        timetable["age_months"] = study.who.age_months
        first = study.first_week(arm)
        weeks = min(first + (study.therapy_weeks or timetable["weeks"]), study.weeks)
        timetable["weeks"] = weeks
        timetable["pauses"] = _pauses(timetable["pauses"], first, weeks)
        share = study.practice.free_play_share
        timetable["free_play"] = [
            {**one, "minutes_a_day": share * one["minutes_a_day"]} for one in timetable["free_play"]
        ]
    except (KeyError, TypeError, ValueError):
        return content  # is refused as it is, with a better message
    return {**content, "timetable": timetable}


def _pauses(own: Iterable[Mapping[str, int]], first: int, weeks: int) -> list[dict[str, int]]:
    """The pauses of a programme that begins in a week of a study, and the wait before it."""
    wait = [{"from_week": 0, "to_week": first - 1}] if first else []
    moved = ((first + one["from_week"], first + one["to_week"]) for one in own)
    cut = [{"from_week": a, "to_week": min(b, weeks - 1)} for a, b in moved if a < weeks]
    return [*wait, *cut]


def brain_of(study: ProgrammeStudySpec, catalog: Catalog) -> BrainSpec:
    """How the children of a study learn.

    Args:
        study: The study.
        catalog: Source of the brains.

    Raises:
        InputError: If a setting does not exist, or does not fit the others.
    """
    practice = study.practice
    content = catalog.load(BrainSpec, practice.brain).model_dump(mode="json", exclude_unset=True)
    if practice.minutes_per_minute is not None:
        content["practice_minutes_per_minute"] = {
            "value": practice.minutes_per_minute,
            "unit": "1",
            "basis": "assumed",
            "note": "as the study says",
        }
    if practice.kl_limit_nats is not None:
        content["kl_limit_nats"] = practice.kl_limit_nats
    content["training"] = {**content["training"], **practice.training}
    try:
        return BrainSpec.model_validate(content)
    except ValidationError as error:
        raise InputError(*explain(BrainSpec, error)) from None


def subject_of(study: ProgrammeStudySpec, number: int, catalog: Catalog) -> Subject:
    """Who a child is, the same in every arm.

    Args:
        study: The study.
        number: Number of the child, from 0; where there are several conditions, the first children
            have one each.
        catalog: Source of the cohort.
    """
    who = study.who
    body, kind = _body(study, number, catalog), who.kinds[number % len(who.kinds)]
    return Subject(
        condition=kind.name,
        severity=kind.severity,
        condition_options=kind.options,
        age_months=who.age_months,
        sex=body.sex if who.sex == "drawn" else who.sex,
        seed=number,
        length_z=body.scores.length,
        weight_z=body.scores.weight,
    )


def _body(study: ProgrammeStudySpec, number: int, catalog: Catalog) -> DrawnBody:
    if study.who.bodies == "cohort":
        return draw_body(study.first_seed, _drawn_as(study, number), catalog)
    return DrawnBody("female", StandardScores())


def _drawn_as(study: ProgrammeStudySpec, number: int) -> int:
    """Number by which a child is drawn: its likes with other conditions share body and luck."""
    return number // len(study.who.kinds)


def learning_seed(study: ProgrammeStudySpec, number: int, arm: str) -> int:
    """The seed of a child in an arm.

    It follows from the study and the child and, where the study asks for seeds apart, from the name
    of the arm; so arms that are added or left out change no other.

    Args:
        study: The study.
        number: Number of the child, from 0.
        arm: Name of the arm.
    """
    apart = [zlib.crc32(arm.encode())] if study.learning_seeds == "apart" else []
    entropy = [study.first_seed, _drawn_as(study, number), *apart]
    return int(np.random.SeedSequence(entropy).generate_state(1)[0]) % FIRST_EVALUATION_SEED


def _beginning(study: ProgrammeStudySpec) -> Beginning | None:
    if study.begins_with is None:
        return None
    bundle = policy_folder(study.begins_with)
    digest = read_bundle_manifest(bundle).files_sha256[POLICY]
    return Beginning(policy=study.begins_with, sha256=digest)


def _programmes(name: str, study: ProgrammeStudySpec, catalog: Catalog) -> dict[str, ProgrammeSpec]:
    found, problems = dict[str, ProgrammeSpec](), list[str]()
    for arm in study.arms:
        try:
            found[arm] = programme_in(study, arm, catalog)
        except InputError as error:
            problems += error.problems
    refuse(name, problems)
    return found


def _checked(name: str, field: str, make: Any) -> Any:
    try:
        return make()
    except InputError as error:
        refuse(name, (f"{field}: {line}" for line in error.problems))
        raise


def _not_assessed(study: ProgrammeStudySpec) -> Iterator[str]:
    """The problem of an outcome that nobody looks for."""
    found = CHILD_OUTCOMES.get(study.primary_outcome.outcome)
    if found is not None and found.part not in (None, *study.assessments.parts):
        yield (
            f"primary_outcome.outcome: {found.name} is found in an assessment whose "
            f"`assessments.parts` name {found.part}"
        )


def _no_factorial(study: ProgrammeStudySpec) -> Iterator[str]:
    """The problem of asking for elements where the arms do not tell them apart."""
    if study.primary_outcome.by_elements and not levels_of(study.arms):
        yield (
            "primary_outcome.by_elements: the arms are not the sixteen of a factorial, such as "
            f"{', '.join(list(factorial_names())[:2])}"
        )


def _unknown_milestone(study: ProgrammeStudySpec) -> Iterator[str]:
    """The problem of a milestone that no exercise comes near to."""
    given = study.primary_outcome.params.get("milestone")
    listed = Catalog.shipped().load(MilestonesSpec, MILESTONES).milestones
    known = [name for name, one in listed.items() if one.exercise is not None]
    if given is not None and given not in known:
        hint = did_you_mean(str(given), known)
        yield f"primary_outcome.params.milestone: no exercise comes near to '{given}'; {hint}"
