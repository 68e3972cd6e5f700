"""Programmes by name, what is wrong with one in view of other files, and a therapist for each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.registry import Registry, parameter_problem
from dmi_sim.spec.programme import ProgrammeSpec, RuleSpec
from dmi_sim.therapy.exercise_rules import EXERCISE_RULES
from dmi_sim.therapy.firmness_rules import FIRMNESS_RULES
from dmi_sim.therapy.provocation_rules import PROVOCATION_RULES
from dmi_sim.therapy.site_rules import SITE_RULES
from dmi_sim.therapy.skills import NONE, Skills, all_skills
from dmi_sim.therapy.state import Order
from dmi_sim.therapy.stretch_rules import STRETCH_RULES
from dmi_sim.therapy.therapist import Therapist

RULES: Mapping[str, Registry[Callable[..., Any]]] = {
    "exercise": EXERCISE_RULES,
    "provocation": PROVOCATION_RULES,
    "site": SITE_RULES,
    "firmness": FIRMNESS_RULES,
    "stretch": STRETCH_RULES,
}
"""The registry of each kind of rule, by the field of a programme that names one."""
_EXERCISES = "exercises"
"""Parameter of a rule that names exercises."""


def therapist_of(programme: str | ProgrammeSpec, catalog: Catalog | None = None) -> Therapist:
    """A therapist who follows a programme.

    Args:
        programme: Name of a file in ``models/programmes/``, or a programme.
        catalog: Catalog with programmes and exercises; the shipped one by default.

    Raises:
        InputError: If something is wrong with the programme, one line per problem.

    >>> therapist = therapist_of("hands_off")
    >>> therapist.order(therapist.begin(age_months=6, seed=0)).support
    'none'
    """
    files = catalog or Catalog.shipped()
    label = programme if isinstance(programme, str) else "programme"
    spec = files.load(ProgrammeSpec, programme) if isinstance(programme, str) else programme
    problems = programme_problems(spec, files)
    if problems:
        raise InputError(*(f"{label}: {line}" for line in problems))
    return Therapist(spec.completed(files), all_skills(files))


def programme_problems(programme: ProgrammeSpec, catalog: Catalog) -> tuple[str, ...]:
    """What is wrong with a programme in view of rules and exercises, one line each.

    Args:
        programme: Programme to check.
        catalog: Catalog with the exercises.
    """
    skills = all_skills(catalog)
    found = (*programme.problems(catalog), *_rule_problems(programme))
    if found:
        return found
    whole = programme.completed(catalog)
    found = tuple(_exercise_problems(whole, skills))
    return found or tuple(_rehearsal_problems(Therapist(whole, skills)))


def _rule_problems(programme: ProgrammeSpec) -> Iterator[str]:
    """Names of rules that nobody registered, and parameters that do not fit."""
    for field, rules in RULES.items():
        spec = _rule(programme, field)
        if spec.rule not in rules:
            yield f"{field}.rule: {rules.unknown(spec.rule)}"
        elif problem := parameter_problem(rules[spec.rule], spec.params):
            yield f"{field}.params: {problem}"


def _rule(programme: ProgrammeSpec, field: str) -> RuleSpec:
    return getattr(programme, field)


def _exercise_problems(programme: ProgrammeSpec, skills: Skills) -> Iterator[str]:
    """Exercises that one child cannot practise with all the others."""
    known = [one.name for one in skills]
    for place, name in _named_exercises(programme):
        if name not in known:
            yield (
                f"{place}: '{name}' is no exercise of the common repertoire; "
                f"{did_you_mean(name, known)}"
            )
    in_hands = [one.name for one in skills if NONE not in one.sites]
    for place, name in _in_free_play(programme):
        if name in in_hands:
            yield f"{place}: '{name}' takes hands, and nobody is there in free play"


def _in_free_play(programme: ProgrammeSpec) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(programme.timetable.free_play):
        for name in one.shares:
            yield f"timetable.free_play[{number}].shares", name


def _named_exercises(programme: ProgrammeSpec) -> Iterator[tuple[str, str]]:
    for name in programme.leaves_out:
        yield "leaves_out", name
    for field in RULES:
        named: object = _rule(programme, field).params.get(_EXERCISES, ())
        for name in named if isinstance(named, tuple | dict) else ():
            yield f"{field}.params.{_EXERCISES}", str(name)
    yield from _in_free_play(programme)


def _rehearsal_problems(therapist: Therapist) -> Iterator[str]:
    """What a therapist would stumble over when it orders each exercise for the first time."""
    if not therapist.ladder:
        yield "leaves_out: leaves no exercise"
        return
    timetable = therapist.programme.timetable
    state = therapist.begin(timetable.age_months, seed=0)
    try:
        therapist.stretch(timetable.minutes_a_session)
        therapist.order(state)
        for skill in therapist.skills:
            order = Order(exercise=skill.name, left=1)
            therapist.order(state.model_copy(update={"order": order}))
    except InputError as error:
        yield from error.problems
