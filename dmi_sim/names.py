"""Names of all that an installation offers: exercises, conditions, support sites, outcomes."""

from dmi_sim.errors import MachineProblem
from dmi_sim.paths import root, roots, yaml_file, yaml_stems

NAMESPACE, VERSION = "DMI", 0
"""Namespace and version of every Gymnasium id."""


def exercises() -> tuple[str, ...]:
    """Names of the exercises, the files in ``envs/``, sorted.

    >>> "sit_to_stand" in exercises()
    True
    """
    return _stems("envs")


def shipped_exercises() -> tuple[str, ...]:
    """Names of the exercises that come with the package, sorted."""
    return tuple(sorted(yaml_stems(root() / "envs")))


def environment_id(exercise: str) -> str:
    """Gymnasium id of an exercise.

    Args:
        exercise: Name of a file in ``envs/``.

    >>> environment_id("sit_to_stand")
    'DMI/SitToStand-v0'
    """
    words = "".join(word.capitalize() for word in exercise.split("_"))
    return f"{NAMESPACE}/{words}-v{VERSION}"


def environments() -> tuple[str, ...]:
    """Gymnasium ids of all exercises.

    >>> "DMI/Sitting-v0" in environments()
    True
    """
    return tuple(environment_id(exercise) for exercise in exercises())


def conditions() -> tuple[str, ...]:
    """Names of the conditions, the files in ``models/conditions/``, sorted.

    >>> conditions()[:2]
    ('acquired_brain_injury', 'chromosomal_disorder')
    """
    return _stems("models/conditions")


def support_sites() -> tuple[str, ...]:
    """Support sites, from proximal (cranial) to distal (caudal), and last ``none``.

    >>> support_sites()[0], support_sites()[-1]
    ('head', 'none')
    """
    from dmi_sim.spec.support import SITES

    return SITES


def outcomes() -> tuple[str, ...]:
    """Outcomes of an episode, those of plug-ins last: what a study may compare."""
    from dmi_sim.outcome.registry import OUTCOMES

    return tuple(OUTCOMES)


def exercise_text(exercise: str) -> str:
    """The text of the file of an exercise; empty if it cannot be read."""
    try:
        found = (yaml_file(folder / "envs", exercise) for folder in roots())
        return next(path for path in found if path).read_text(encoding="utf-8")
    except (MachineProblem, OSError, StopIteration, UnicodeDecodeError):
        return ""


def _stems(folder: str) -> tuple[str, ...]:
    return tuple(sorted({stem for one in roots() for stem in yaml_stems(one / folder)}))
