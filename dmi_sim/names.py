"""What an installation offers, by name: environments, conditions, support sites, outcomes."""

from dmi_sim.paths import roots

NAMESPACE, VERSION = "DMI", 0
"""Of every Gymnasium id."""


def exercises() -> tuple[str, ...]:
    """Names of the files in ``envs/``, sorted."""
    return _stems("envs")


def environment_id(exercise: str) -> str:
    """The Gymnasium id of a file in ``envs/``.

    >>> environment_id("sit_to_stand")
    'DMI/SitToStand-v0'
    """
    words = "".join(word.capitalize() for word in exercise.split("_"))
    return f"{NAMESPACE}/{words}-v{VERSION}"


def environments() -> tuple[str, ...]:
    """Gymnasium ids of all exercises, such as ``DMI/Sitting-v0``."""
    return tuple(environment_id(exercise) for exercise in exercises())


def conditions() -> tuple[str, ...]:
    """Names of the conditions in ``models/conditions/``, sorted."""
    return _stems("models/conditions")


def support_sites() -> tuple[str, ...]:
    """Sites where hands can hold, from proximal (cranial) to distal (caudal), then ``none``."""
    from dmi_sim.spec.support import SITES

    return SITES


def outcomes() -> tuple[str, ...]:
    """Outcomes of an episode, those of plug-ins last: what a study may compare."""
    from dmi_sim.outcome.registry import OUTCOMES

    return tuple(OUTCOMES)


def _stems(folder: str) -> tuple[str, ...]:
    return tuple(sorted({path.stem for root in roots() for path in (root / folder).glob("*.yaml")}))
