"""The elements in which two programmes differ, varied so that each effect can be told.

With five elements, all combinations would be 32 programmes. Half of them are enough to tell all
main effects and all interactions of two from each other, because the fifth element is chosen as the
product of the other four: a design of resolution V.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Literal, TypeAlias, get_args

from dmi_sim.errors import InputError
from dmi_sim.spec.background import BackgroundSpec
from dmi_sim.spec.programme import Element, ProgrammeSpec

ELEMENTS: tuple[Element, ...] = get_args(Element)
"""The elements A, B, C, D, E in this order."""
Level: TypeAlias = Literal[-1, 1]
"""From which of the two programmes an element is: the first (1) or the second (-1)."""
_WORDS: Mapping[str, str] = {"exercise": "skills", "firmness": "fading"}
"""What an element is called in names, where the field is called otherwise."""
_MIXED = "the combination is of a factorial; nobody describes it"
"""What is assumed in every programme of a factorial."""
_SHARED = ("title", "background", *ELEMENTS)
"""Fields in which the two programmes may differ."""


def levels() -> tuple[dict[Element, Level], ...]:
    """The sixteen runs: the level of each element, the fifth being the product of the others.

    Source:
        Box and Hunter (1961), Technometrics 3, 311-351; ``box1961``. The half fraction with the
        generator E = ABCD.

    >>> len(levels()), levels()[-1]
    (16, {'site': 1, 'exercise': 1, 'firmness': 1, 'stretch': 1, 'provocation': 1})
    """
    signs: tuple[Level, Level] = (-1, 1)
    *free, last = ELEMENTS
    runs: list[dict[Element, Level]] = []
    for chosen in product(signs, repeat=len(free)):
        even = sum(sign < 0 for sign in chosen) % 2 == 0
        runs.append({**dict(zip(free, chosen, strict=True)), last: 1 if even else -1})
    return tuple(runs)


def factorial(
    high: ProgrammeSpec, low: ProgrammeSpec, prefix: str = "with"
) -> dict[str, ProgrammeSpec]:
    """Sixteen programmes between two, by names that tell which elements are of the first.

    Args:
        high: Programme whose elements are the high level.
        low: Programme whose elements are the low level.
        prefix: Beginning of the names.

    Raises:
        InputError: If the two differ in anything but title, background and the five elements.

    >>> from dmi_sim.catalog import Catalog
    >>> of = Catalog.shipped().load
    >>> runs = factorial(of(ProgrammeSpec, "dmi"), of(ProgrammeSpec, "traditional"))
    >>> next(iter(runs)), runs["with_site_skills_fading_stretch_provocation"].site.rule
    ('with_provocation', 'most_distal_tolerated')
    """
    _require_alike(high, low)
    return {_name(prefix, run): _programme(high, low, run) for run in levels()}


def factorial_names(prefix: str = "with") -> dict[str, dict[Element, Level]]:
    """The names of the sixteen programmes, and the level of each element in them.

    Args:
        prefix: Beginning of the names.

    >>> factorial_names()["with_site"]["site"], factorial_names()["with_site"]["exercise"]
    (1, -1)
    """
    return {_name(prefix, run): run for run in levels()}


def levels_of(arms: Iterable[str]) -> dict[str, Mapping[Element, Level]]:
    """The level of each element in each arm, if the arms are those of a factorial; else nothing.

    Args:
        arms: Names of the arms.

    >>> levels_of(["dmi", "traditional"])
    {}
    """
    names = tuple(arms)
    whole, everything = max(names, key=len, default=""), max(factorial_names(""), key=len)
    known = factorial_names(whole.removesuffix(everything))
    return {arm: known[arm] for arm in names} if set(names) == set(known) else {}


def _require_alike(high: ProgrammeSpec, low: ProgrammeSpec) -> None:
    for field in ProgrammeSpec.model_fields:
        ours, theirs = getattr(high, field), getattr(low, field)
        if field not in _SHARED and ours != theirs:
            shown = f"{ours} and {theirs}" if isinstance(ours, int | float) else "two that differ"
            raise InputError(
                f"{field}: {shown}; two programmes of a factorial differ in {', '.join(ELEMENTS)}"
            )


def _name(prefix: str, run: Mapping[Element, Level]) -> str:
    chosen = [_WORDS.get(element, element) for element in ELEMENTS if run[element] > 0]
    return "_".join((prefix, *chosen))


def _programme(
    high: ProgrammeSpec, low: ProgrammeSpec, run: Mapping[Element, Level]
) -> ProgrammeSpec:
    return mixed(low, {element: high for element in ELEMENTS if run[element] > 0})


def mixed(base: ProgrammeSpec, others: Mapping[Element, ProgrammeSpec]) -> ProgrammeSpec:
    """A programme with some elements as in other programmes, and with what these rest on.

    Args:
        base: The programme that all else is from.
        others: The programme that an element is from, by element.

    >>> from dmi_sim.catalog import Catalog
    >>> of = Catalog.shipped().load
    >>> one = mixed(of(ProgrammeSpec, "dmi"), {"exercise": of(ProgrammeSpec, "traditional")})
    >>> one.exercise.rule, one.site.rule
    ('lowest_not_mastered', 'most_distal_tolerated')
    """
    if not others:
        return base
    sides = {element: others.get(element, base) for element in ELEMENTS}
    taken = {element: getattr(side, element) for element, side in sides.items()}
    title = "; ".join((base.title, *_from_others(others)))
    return base.model_copy(update={**taken, "title": title, "background": _background(sides)})


def _from_others(others: Mapping[Element, ProgrammeSpec]) -> Iterator[str]:
    """Which elements are from which other programme, in words."""
    for side in _unlike(others.values()):
        fields = ", ".join(one for one in ELEMENTS if others.get(one) is side)
        yield f"but {fields} as in: {side.title}"


def _background(sides: Mapping[str, ProgrammeSpec]) -> BackgroundSpec:
    """What the elements rest on, each as in the programme that it is from."""
    rendered = [
        words.model_copy(update={"by": fields})
        for side in _unlike(sides.values())
        for words in side.background.rendered
        if (fields := tuple(one for one in words.by if sides.get(one, side) is side))
    ]
    assumed = [line for side in _unlike(sides.values()) for line in side.background.assumed]
    return BackgroundSpec(rendered=tuple(rendered), assumed=(*dict.fromkeys(assumed), _MIXED))


def _unlike(programmes: Iterable[ProgrammeSpec]) -> tuple[ProgrammeSpec, ...]:
    """Each of some programmes once."""
    return tuple({id(one): one for one in programmes}.values())
