"""A curriculum as environments, one for each slot; before that, what is wrong with it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig, build_env, plain_config
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import environment_id
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.curriculum import ITSELF, CurriculumSpec, PracticeSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support_schedule import SupportSchedule
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import Setting, read_bundle_manifest
from dmi_sim.training.library import policy_folder
from dmi_sim.training.slots import MakeEnv, SlotGroup


def practice_groups(
    practice: Sequence[PracticeSpec], settings: Mapping[str, Setting], *, later: bool = False
) -> tuple[SlotGroup, ...]:
    """The slots of a curriculum.

    Each keeps its world: no exercise is built at a reset, and no time goes to another one.

    Args:
        practice: What is practised.
        settings: Arguments of all environments, which win over those of the curriculum.
        later: Whether each has the slots that it has later in the curriculum.
    """
    return tuple(
        SlotGroup(
            tuple(
                _maker(one, practice_arguments(one, slot, settings))
                for slot in range(one.slots_at(later=later))
            )
        )
        for one in practice
    )


def practice_arguments(
    one: PracticeSpec, slot: int, settings: Mapping[str, Setting]
) -> dict[str, Setting]:
    """The arguments of the environment of a slot.

    Args:
        one: What is practised in it.
        slot: Number of the slot among those of its group, which take ages in turn.
        settings: Arguments that win over these.

    >>> one = PracticeSpec(exercise="standing", slots=3, ages_months=(9, 12), support="hands")
    >>> practice_arguments(one, 2, {"sex": "male"})
    {'support': 'hands', 'age_months': 9.0, 'sex': 'male'}
    """
    found: dict[str, Setting] = {"support": _plain(one.support)}
    if one.support_strength != 1:
        found["support_strength"] = one.support_strength
    if one.ages_months:
        found["age_months"] = one.ages_months[slot % len(one.ages_months)]
    if one.pushes:
        found["pushes"] = True
    return {**found, **settings}


def curriculum_problems(
    curriculum: CurriculumSpec, catalog: Catalog, settings: Mapping[str, Setting] | None = None
) -> tuple[str, ...]:
    """What is wrong with a curriculum in view of the files that it names, one line each.

    Args:
        curriculum: Curriculum to check.
        catalog: Catalog with the exercises.
        settings: Arguments of all environments.
    """
    named = tuple(curriculum.problems(catalog))
    return named or tuple(_problems(curriculum, catalog, settings or {}))


def require_curriculum(
    curriculum: CurriculumSpec, catalog: Catalog, settings: Mapping[str, Setting], label: str
) -> None:
    """Refuse a curriculum that cannot be practised, before anything is written.

    Raises:
        InputError: One line for each problem, with the label before it.
    """
    problems = curriculum_problems(curriculum, catalog, settings)
    if problems:
        raise InputError(*(f"{label}: {line}" for line in problems))


def exercises_of(practice: Sequence[PracticeSpec]) -> tuple[str, ...]:
    """The exercises that are practised, each once, in their order."""
    return tuple(dict.fromkeys(one.exercise for one in practice))


def shares(practice: Sequence[PracticeSpec], later: float = 0.0) -> dict[str, float]:
    """The share of the practice that each exercise has.

    Args:
        practice: What is practised.
        later: Share of the time in which the later slots hold.

    >>> sitting = PracticeSpec(exercise="sitting", slots=3, slots_later=1)
    >>> standing = PracticeSpec(exercise="standing", slots=1, slots_later=3)
    >>> shares([sitting, standing]), shares([sitting, standing], later=0.5)
    ({'sitting': 0.75, 'standing': 0.25}, {'sitting': 0.5, 'standing': 0.5})
    """
    early, late = (Counter({name: 0 for name in exercises_of(practice)}) for _ in range(2))
    for one in practice:
        early[one.exercise] += one.slots_at(later=False)
        late[one.exercise] += one.slots_at(later=True)
    slots = early.total()
    return {name: ((1 - later) * early[name] + later * late[name]) / slots for name in early}


def _maker(one: PracticeSpec, arguments: Mapping[str, Setting]) -> MakeEnv:
    return partial(make_environment, environment_id(one.exercise), arguments)


def _plain(support: str | SupportSchedule | None) -> Setting:
    if isinstance(support, SupportSchedule):
        return support.model_dump(mode="json", exclude_defaults=True)
    return support


def _problems(
    curriculum: CurriculumSpec, catalog: Catalog, settings: Mapping[str, Setting]
) -> Iterator[str]:
    known = _of_one_repertoire(catalog, curriculum.practice[0].exercise)
    for number, one in enumerate(curriculum.practice):
        place = f"practice[{number}]"
        if one.exercise not in known:
            nearest = did_you_mean(one.exercise, known)
            yield f"{place}.exercise: {one.exercise} has other commands and senses; {nearest}"
            continue
        yield from _too_short(place, catalog.load(ExerciseSpec, one.exercise), curriculum.training)
        for slot in range(max(1, len(one.ages_months))):
            arguments = practice_arguments(one, slot, settings)
            yield from (f"{place}.{line}" for line in _refused(one.exercise, arguments, catalog))
    for exercise, teacher in curriculum.teachers.items():
        yield from (f"teachers.{exercise}: {line}" for line in _no_policy(teacher, catalog))


def _of_one_repertoire(catalog: Catalog, first: str) -> tuple[str, ...]:
    """The exercises that share a repertoire with the first, or any if that has none."""
    specs = {name: catalog.load(ExerciseSpec, name) for name in catalog.names(ExerciseSpec)}
    repertoire = specs[first].repertoire
    return tuple(
        name
        for name, spec in specs.items()
        if spec.repertoire is not None and repertoire in (None, spec.repertoire)
    )


def _too_short(place: str, spec: ExerciseSpec, training: TrainingSpec) -> Iterator[str]:
    chunk_s = training.n_steps * training.chunk_rollouts / spec.control_hz
    if chunk_s < spec.duration_s:
        yield (
            f"{place}: training.n_steps x chunk_rollouts is {chunk_s:g} s of each slot, less than "
            f"an episode of {spec.duration_s:g} s, whose end would never be reached"
        )


def _no_policy(name: str, catalog: Catalog) -> tuple[str, ...]:
    """Why there is no such policy, one line each."""
    if name == ITSELF:  # known when practice begins
        return ()
    try:
        read_bundle_manifest(policy_folder(name, catalog))
    except InputError as error:
        return error.problems
    return ()


def _refused(exercise: str, arguments: Mapping[str, Any], catalog: Catalog) -> tuple[str, ...]:
    """Why an environment cannot be made, one line each."""
    try:
        build_env(EnvConfig(**plain_config({"exercise": exercise, **arguments}, catalog)), catalog)
    except InputError as error:
        return error.problems
    return ()
