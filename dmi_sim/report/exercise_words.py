"""The exercise of a study and its tests in the words of a report, all of them from its file."""

from dataclasses import dataclass

from dmi_sim.catalog import Catalog
from dmi_sim.report.labels import lower_first
from dmi_sim.report.support_words import support_title
from dmi_sim.spec.exercise import ExerciseSpec, VerbSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.tables import percent

SUCCESS_IN_HANDS = (
    "Success in hands is told as it came. It was not set against silent muscles and reflexes alone "
    "in the same hands, so part of it may be the hands' own."
)


@dataclass(frozen=True)
class ExerciseWords:
    """An exercise in words.

    Attributes:
        title: Title of the exercise that is practised.
        verb: What the infant does.
        done: Past tense of what it does in its tests, which may be another exercise.
        tested: How infants are tested: alone or in which hands, and in what if not in the same.
        in_hands: Whether hands hold infants in these tests.
        test_s: Longest duration of a test [s]; None if the exercise no longer exists.
    """

    title: str
    verb: VerbSpec
    done: str
    tested: str
    in_hands: bool
    test_s: float | None


def exercise_words(study: StudySpec, catalog: Catalog) -> ExerciseWords:
    """The words of a study's exercise; those of one that no longer exists come from its name.

    Args:
        study: Study that names the exercise, and the tests of its primary outcome.
        catalog: Source of the exercise and of the titles of supports.
    """
    title, verb = title_and_verb(study.exercise, catalog)
    exercise = study.primary_outcome.exercise or study.exercise
    known = exercise in catalog.names(ExerciseSpec)
    test_s = catalog.load(ExerciseSpec, exercise).duration_s if known else None
    support = _support(study, exercise, catalog)
    tested = f"{_hands(study, support, catalog)}{_elsewhere(study, catalog)}"
    in_hands = support not in (None, "none")
    _, tested_verb = title_and_verb(exercise, catalog)
    return ExerciseWords(title, verb, tested_verb.past, tested, in_hands, test_s)


def title_and_verb(exercise: str, catalog: Catalog) -> tuple[str, VerbSpec]:
    """Title and verb of an exercise; of one that no longer exists from its name."""
    if exercise not in catalog.names(ExerciseSpec):
        title = exercise.replace("_", " ").capitalize()
        return title, verb_of(title)
    spec = catalog.load(ExerciseSpec, exercise)
    return spec.title, spec.verb or verb_of(spec.title)


def verb_of(title: str) -> VerbSpec:
    """A verb that is true of every exercise, for one whose file gives none.

    >>> verb_of("Walking").base
    'do “Walking”'
    """
    return VerbSpec(base=f"do “{title}”", past=f"did “{title}”", gerund=f"“{title}”")


def _asked_support(study: StudySpec) -> str | None:
    return study.primary_outcome.support or next(iter(study.test.supports), None)


def _support(study: StudySpec, exercise: str, catalog: Catalog) -> str | None:
    """The hands of the tests of the primary outcome; None of an exercise that no longer exists."""
    asked = _asked_support(study)
    if asked is None and exercise not in catalog.names(ExerciseSpec):
        return None
    return asked or catalog.load(ExerciseSpec, exercise).supports[-1]


def _hands(study: StudySpec, support: str | None, catalog: Catalog) -> str:
    """The hands of the tests in which the primary outcome is measured, in words."""
    if support is None:
        return "with as little support as the exercise allowed"
    if support == "none":
        return "alone, without hands"
    hands = lower_first(support_title(support, catalog))
    if _asked_support(study) is None:
        return f"with the least support that the exercise allows ({hands})"
    strength = study.test.support_strength
    return f"with {hands}" if strength == 1 else f"with {hands}, {percent(strength)} strength"


def _elsewhere(study: StudySpec, catalog: Catalog) -> str:
    """The exercise of these tests, if it is not the one that infants practise."""
    exercise = study.primary_outcome.exercise
    if exercise is None or exercise == study.exercise:
        return ""
    title, _ = title_and_verb(exercise, catalog)
    return f", in what they had not practised ({lower_first(title)})"
