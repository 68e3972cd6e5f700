"""An arm of a study of programmes: a programme of therapy, and how it differs from its file."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from dmi_sim.spec.arm import unset
from dmi_sim.spec.base import FileIndex, Strict, unknown_name
from dmi_sim.spec.plasticity import PlasticitySpec
from dmi_sim.spec.programme import Element, Months, ProgrammeSpec


class ProgrammeArmSpec(Strict):
    """One arm: a programme of therapy."""

    programme: str
    """Name of a file in ``models/programmes``."""
    title: str | None = Field(default=None, exclude_if=unset)
    """What reports call it; the title of the programme by default."""
    elements: dict[Element, str] = Field(default_factory=dict[Element, str], exclude_if=unset)
    """Elements that are as in other files of ``models/programmes``, by element."""
    changes: dict[str, Any] = Field(default_factory=dict, exclude_if=unset)
    """What differs from these files, by field: a rule is replaced as a whole, all else key by key.
    The report declares it."""
    plasticity: str | None = Field(default=None, exclude_if=unset)
    """Name of a file in ``models/plasticity`` for the brains of this arm, in place of that of
    ``practice``; the report declares it."""
    starts_at_months: Months | None = Field(default=None, exclude_if=lambda age: age is None)
    """Age at which the therapist first comes [months]; until then the child plays on its own. At
    the beginning of the study by default."""

    @model_validator(mode="after")
    def _an_element_has_one_source(self) -> Self:
        both = [one for one in self.elements if one in self.changes]
        if both:
            raise ValueError(f"elements: {', '.join(both)} is in changes too; leave one out")
        return self

    def problems(self, catalog: FileIndex, field: str) -> Iterator[str]:
        """Names of programmes or of a plasticity that do not exist.

        Args:
            catalog: Names of the files that exist.
            field: Dotted path of the arm, for messages.
        """
        yield from unknown_name(catalog, ProgrammeSpec, f"{field}.programme", self.programme)
        for element, named in self.elements.items():
            yield from unknown_name(catalog, ProgrammeSpec, f"{field}.elements.{element}", named)
        if self.plasticity is not None:
            yield from unknown_name(catalog, PlasticitySpec, f"{field}.plasticity", self.plasticity)


def changed_programme(content: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a programme with some of it replaced.

    Args:
        content: All fields of a programme.
        changes: What differs; a rule is replaced as a whole, all else key by key.

    >>> before = {"site": {"rule": "fixed", "params": {"site": "none"}}, "timetable": {"weeks": 9}}
    >>> changed_programme(before, {"site": {"rule": "at_random"}, "timetable": {"weeks": 3}})
    {'site': {'rule': 'at_random'}, 'timetable': {'weeks': 3}}
    """
    return {**content, **{name: _changed(content.get(name), new) for name, new in changes.items()}}


def _changed(old: Any, new: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping) and "rule" not in new:
        return changed_programme(old, new)
    return new
