"""What a therapist knows of each exercise before it has seen a child in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import without_old
from dmi_sim.spec.exercise import Dimension, ExerciseSpec
from dmi_sim.spec.support import SITES

REPERTOIRE = "infant"
"""Repertoire of the exercises that one child can practise."""
NONE = SITES[-1]
"""Name of no hands, the most caudal of all sites."""
TRUNK = SITES[: SITES.index("pelvis") + 1]
"""Sites of head and trunk, whose control is the same in every exercise."""


def _known_site(name: str) -> str:
    if name not in SITES:
        raise ValueError(f"no site '{name}'; {did_you_mean(name, SITES)}")
    return name


SiteName: TypeAlias = Annotated[str, AfterValidator(_known_site)]
"""A site, as the parameter of a rule."""


@dataclass(frozen=True)
class Skill:
    """An exercise, as a therapist knows it.

    Attributes:
        name: Name of a file in ``envs/``.
        title: Its title.
        dimension: Domain of motor development.
        typical_age_months: Youngest age at which the exercise makes sense [months].
        sites: Sites that it offers, from cranial to caudal; ``none`` comes last, if infants can do
            without hands. Hands that hold the child's own hands or forearms are no site.
        offers_pushes: Whether it has pushes to ask for.
        board: The same exercise on a board that moves, if there is one.
        is_on_board: Whether it is such an exercise itself.
    """

    name: str
    title: str
    dimension: Dimension
    typical_age_months: float
    sites: tuple[str, ...]
    offers_pushes: bool = False
    board: str | None = None
    is_on_board: bool = False

    def nearest_site(self, site: str) -> str:
        """The site offered that is nearest to another on the body; of two as near, the cranial one.

        >>> sitting = Skill("sitting", "Sitting", "sitting", 6, ("axillae", "pelvis", "none"))
        >>> sitting.nearest_site("lower_ribs"), sitting.nearest_site("feet")
        ('axillae', 'none')
        """
        return min(self.sites, key=lambda one: abs(SITES.index(one) - SITES.index(site)))

    def sites_from(self, cranial_limit: str) -> tuple[str, ...]:
        """The sites offered that are no more cranial than a limit; the last one at least."""
        found = [one for one in self.sites if SITES.index(one) >= SITES.index(cranial_limit)]
        return tuple(found) or self.sites[-1:]

    def site_below(self, site: str) -> str:
        """The first site offered that is more caudal than another; the last one if there is none.

        >>> sitting = Skill("sitting", "Sitting", "sitting", 6, ("axillae", "pelvis", "none"))
        >>> sitting.site_below("axillae"), sitting.site_below("head"), sitting.site_below("none")
        ('pelvis', 'axillae', 'none')
        """
        below = (one for one in self.sites if SITES.index(one) > SITES.index(site))
        return next(below, self.sites[-1])


Skills: TypeAlias = tuple[Skill, ...]
"""Exercises from the lowest skill to the highest, by typical age."""


def all_skills(catalog: Catalog) -> Skills:
    """All exercises that share the repertoire of the infant, from the lowest skill to the highest.

    Args:
        catalog: Catalog with the exercises.
    """
    names = without_old(catalog.names(ExerciseSpec))
    specs = {name: catalog.load(ExerciseSpec, name) for name in names}
    shared = {name: spec for name, spec in specs.items() if spec.repertoire == REPERTOIRE}
    found = (_skill(name, shared) for name in shared)
    return tuple(sorted(found, key=lambda one: (one.typical_age_months, one.name)))


def _skill(name: str, specs: Mapping[str, ExerciseSpec]) -> Skill:
    spec = specs[name]
    return Skill(
        name=name,
        title=spec.title,
        dimension=spec.dimension,
        typical_age_months=spec.typical_age_months,
        sites=tuple(one for one in SITES if one in spec.supports),
        offers_pushes=spec.pushes is not None,
        board=None if spec.platform else next(_boards(spec, specs), None),
        is_on_board=spec.platform is not None,
    )


def _boards(spec: ExerciseSpec, specs: Mapping[str, ExerciseSpec]) -> Iterator[str]:
    """Exercises on a moving board that begin in the same pose."""
    for name, other in specs.items():
        if other.platform and (other.start, other.dimension) == (spec.start, spec.dimension):
            yield name


def skill_named(name: str, skills: Sequence[Skill]) -> Skill:
    """The exercise of a name.

    Raises:
        InputError: If it is not among those that are known.
    """
    for one in skills:
        if one.name == name:
            return one
    raise InputError(f"exercise: no '{name}'; {did_you_mean(name, [one.name for one in skills])}")
