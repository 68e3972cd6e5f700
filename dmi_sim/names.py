"""Names of all that an installation offers: exercises, conditions, support sites, outcomes."""

import re
from collections.abc import Collection, Iterable

from dmi_sim.errors import MachineProblem
from dmi_sim.paths import root, roots, yaml_file, yaml_stems

NAMESPACE = "DMI"
"""Namespace of every Gymnasium id."""
INFANT_ID = "DMI/Infant-v0"
"""Gymnasium id of the environment of all exercises."""
_OLD = "_v0"
"""End of the names of exercises as they were before all shared one repertoire."""
_REPERTOIRE = re.compile(r"""^repertoire:[ ]*["']?(?!null\b|~)\w|"repertoire"\s*:\s*"\w""", re.M)
"""A key at the left margin, or in JSON; to read all files takes longer than an import may."""


def exercises() -> tuple[str, ...]:
    """Names of the exercises, the files in ``envs/``, sorted; see also :func:`old_exercises`.

    >>> "sit_to_stand" in exercises()
    True
    """
    return without_old(_stems("envs"))


def without_old(names: Iterable[str]) -> tuple[str, ...]:
    """Names of exercises without those of :func:`old_exercises`."""
    return tuple(name for name in names if not name.endswith(_OLD))


def old_exercises() -> tuple[str, ...]:
    """Names of the exercises as they were before all shared one repertoire, sorted.

    >>> "sitting_v0" in old_exercises()
    True
    """
    return tuple(name for name in _stems("envs") if name.endswith(_OLD))


def shipped_exercises() -> tuple[str, ...]:
    """Names of the exercises that come with the package, sorted."""
    return without_old(sorted(yaml_stems(root() / "envs")))


def old_version(exercise: str) -> str:
    """Name of an exercise as it was before all shared one repertoire, whether there is one or not.

    >>> old_version("sitting")
    'sitting_v0'
    """
    return f"{exercise}{_OLD}"


def version_practised(exercise: str, practised: Collection[str]) -> str:
    """The version of an exercise that was practised; the present one if neither was, or both.

    Args:
        exercise: Name of a file in ``envs/``.
        practised: Names of exercises.

    >>> version_practised("sitting", ["sitting_v0"]), version_practised("sitting", ["standing"])
    ('sitting_v0', 'sitting')
    """
    old = old_version(exercise)
    return old if old in practised and exercise not in practised else exercise


def environment_id(exercise: str) -> str:
    """Gymnasium id of an exercise: version 1 with a repertoire, version 0 with its own commands.

    Args:
        exercise: Name of a file in ``envs/``.

    >>> environment_id("sit_to_stand"), environment_id("sit_to_stand_v0")
    ('DMI/SitToStand-v1', 'DMI/SitToStand-v0')
    """
    words = "".join(word.capitalize() for word in exercise.removesuffix(_OLD).split("_"))
    return f"{NAMESPACE}/{words}-v{0 if is_old(exercise) else 1}"


def is_old(exercise: str) -> bool:
    """Whether an exercise has commands and senses of its own, as all had in version 0.

    >>> is_old("sitting"), is_old("sitting_v0")
    (False, True)
    """
    return not _REPERTOIRE.search(exercise_text(exercise))


def environments() -> tuple[str, ...]:
    """Gymnasium ids of all exercises, and last that of the environment which holds them all.

    >>> "DMI/Sitting-v1" in environments()
    True
    """
    return (*map(environment_id, exercises()), INFANT_ID)


def old_environments() -> tuple[str, ...]:
    """Gymnasium ids of the exercises as they were, see :func:`old_exercises`.

    >>> "DMI/Sitting-v0" in old_environments()
    True
    """
    return tuple(map(environment_id, old_exercises()))


def conditions() -> tuple[str, ...]:
    """Names of the conditions, the files in ``models/conditions/``, sorted.

    >>> conditions()[:2]
    ('acquired_brain_injury', 'chromosomal_disorder')
    """
    return _stems("models/conditions")


def programmes() -> tuple[str, ...]:
    """Names of the programmes of therapy, the files in ``models/programmes/``, sorted.

    >>> "free_play" in programmes()
    True
    """
    return _stems("models/programmes")


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
        folders = roots()
    except MachineProblem:  # a researcher's own folder is missing
        folders = (root(),)
    try:
        found = (yaml_file(folder / "envs", exercise) for folder in folders)
        return next(path for path in found if path).read_text(encoding="utf-8")
    except (OSError, StopIteration, UnicodeDecodeError):
        return ""


def _stems(folder: str) -> tuple[str, ...]:
    return tuple(sorted({stem for one in roots() for stem in yaml_stems(one / folder)}))
