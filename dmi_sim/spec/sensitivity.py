"""Sensitivity: what becomes of the answer of a study when one of its assumptions is changed.

One file in ``experiments/sensitivities`` names a study of programmes, one of its comparisons, and
changes in the words of ``dmi-sim study --set``.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import FileIndex, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.study import Name
from dmi_sim.spec.study_base import Study

AS_ASSUMED = "as_assumed"
"""Name of the run in which nothing is changed."""


class ChangeSpec(Strict):
    """One change of what a study assumes."""

    title: str
    """The change in words, for a line of a figure."""
    set: Annotated[tuple[str, ...], Field(min_length=1)]
    """Settings ``dotted.key=value`` of the study, in both arms alike unless they name one."""


class SensitivitySpec(Spec):
    """Changes of what a study assumes, one at a time."""

    folder: ClassVar[str] = "experiments/sensitivities"

    title: str
    """Title in words."""
    question: str
    """Question that is asked."""
    background: str
    """Which assumptions are varied, which are not, and why; it favours no arm."""
    study: str
    """Study of programmes in ``experiments``."""
    comparison: tuple[Name, Name]
    """The two arms whose difference is looked at, the first minus the second."""
    changes: Annotated[dict[Name, ChangeSpec], Field(min_length=1)]
    """Changes by name; each runs on its own."""
    minutes: Positive
    """Wall time to expect on two cores in the quick form [min]."""

    @model_validator(mode="after")
    def _nothing_is_named_twice(self) -> Self:
        if AS_ASSUMED in self.changes:
            raise ValueError(f"changes.{AS_ASSUMED}: is the name of the run without any change")
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """A study that does not exist."""
        yield from unknown_name(catalog, Study, "study", self.study)
