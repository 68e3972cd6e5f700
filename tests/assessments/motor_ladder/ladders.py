"""An invented ladder score, without physics."""

from dmi_sim.assessments.motor_ladder.result import ItemFinding, LadderFinding, Score, SiteFinding
from dmi_sim.catalog import Catalog
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec

WORST: dict[str, tuple[Score | None, str]] = {
    "crawling": (2, "thighs"),
    "kneeling": (3, "none"),
    "cruising": (1, "pelvis"),
    "sit_to_stand": (1, "waist"),
    "standing_tilt": (1, "shanks"),
    "walking": (0, "axillae"),
}
"""Score without hands and lowest site of the exercises that are not completed everywhere."""

DONE = {0: 0.05, 1: 0.3, 2: 0.7, 3: 1.0}


def finding() -> LadderFinding:
    """All shipped exercises; most are completed without hands, some only in hands."""
    specs = {name: Catalog.shipped().load(ExerciseSpec, name) for name in exercises()}
    by_age = sorted(specs.items(), key=lambda one: one[1].typical_age_months)
    return LadderFinding(tuple(item(name, spec) for name, spec in by_age))


def item(name: str, spec: ExerciseSpec) -> ItemFinding:
    """One exercise, completed down to its lowest site, 1 below; at the head the hands do it."""
    score, lowest = WORST.get(name, (3, "none"))
    edge = spec.supports.index(lowest) if lowest in spec.supports else len(spec.supports) - 1
    sites: list[SiteFinding] = []
    for index, site in enumerate(spec.supports):
        here: Score | None = 3 if index <= edge else 1
        sites.append(at(site, score if site == "none" else None if site == "head" else here))
    return ItemFinding(name, spec.dimension, spec.typical_age_months, tuple(sites))


def at(site: str, score: Score | None) -> SiteFinding:
    """The finding with a score at a site, and trials that lead to it."""
    if score is None:
        return SiteFinding(site, (), (1.0, 1.0), None)
    return SiteFinding(site, (DONE[score], DONE[score]), (0.0, 0.0), score)
