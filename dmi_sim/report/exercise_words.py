"""The exercise of a study in the words of a report, all of them from its file."""

from dataclasses import dataclass

from dmi_sim.catalog import Catalog
from dmi_sim.report.labels import lower_first, support_title
from dmi_sim.spec.exercise import ExerciseSpec, VerbSpec


@dataclass(frozen=True)
class ExerciseWords:
    """An exercise in words.

    Attributes:
        title: Title of the exercise.
        verb: What the infant does.
        tested: How infants are tested: alone, or with the least support that there is.
        test_s: Longest duration of a test [s]; None if the exercise no longer exists.
    """

    title: str
    verb: VerbSpec
    tested: str
    test_s: float | None


def exercise_words(exercise: str, catalog: Catalog) -> ExerciseWords:
    """The words of an exercise; those of one that no longer exists come from its name.

    Args:
        exercise: Name of the exercise.
        catalog: Source of the exercise and of the titles of supports.
    """
    if exercise not in catalog.names(ExerciseSpec):
        title = exercise.replace("_", " ").capitalize()
        return ExerciseWords(title, verb_of(title), "as its file said", None)
    spec = catalog.load(ExerciseSpec, exercise)
    verb = spec.verb or verb_of(spec.title)
    return ExerciseWords(spec.title, verb, _tested(spec.supports[-1], catalog), spec.duration_s)


def verb_of(title: str) -> VerbSpec:
    """A verb that is true of every exercise, for one whose file gives none.

    >>> verb_of("Walking").base
    'do “Walking”'
    """
    return VerbSpec(base=f"do “{title}”", past=f"did “{title}”", gerund=f"“{title}”")


def _tested(support: str, catalog: Catalog) -> str:
    if support == "none":
        return "alone, without hands"
    hands = lower_first(support_title(support, catalog))
    return f"with the least support that the exercise allows ({hands})"
