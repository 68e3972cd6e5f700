"""A cell of a study: the smallest part that runs on its own, a pure function of its content."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from dmi_sim.provenance import fingerprint
from dmi_sim.spec.base import Strict

_KEY_DIGITS = 16


def condition_kind(condition: str, options: Mapping[str, str | float]) -> str:
    """A condition with its options, as the tables of a study call it.

    >>> condition_kind("spastic_cp", {"topography": "diplegia"})
    'spastic_cp topography=diplegia'
    """
    return " ".join([condition, *(f"{name}={value}" for name, value in sorted(options.items()))])


class Subject(Strict):
    """One simulated infant; its ``seed`` counts infants from 0."""

    condition: str
    severity: float
    condition_options: dict[str, str | float] = Field(default_factory=dict)
    age_months: float
    sex: str
    seed: int
    length_z: float = Field(default=0.0, exclude_if=lambda score: score == 0)
    """Standard score of length; 0 unless the body was drawn."""
    weight_z: float = Field(default=0.0, exclude_if=lambda score: score == 0)
    """Standard score of weight; 0 unless the body was drawn."""

    @property
    def kind(self) -> str:
        """The condition with its options, such as ``spastic_cp topography=diplegia``."""
        return condition_kind(self.condition, self.condition_options)

    @property
    def label(self) -> str:
        """The infant in words."""
        kind = "" if self.condition == "typical" else f" {self.kind} {self.severity:g}"
        return f"{kind} {self.sex} infant {self.seed} at {self.age_months:g} months".strip()


class StudyCell(Strict, ABC):
    """One infant in one arm: everything that decides what comes of it."""

    study: str
    arm: str
    subject: Subject

    def __reduce__(self) -> tuple[Any, ...]:
        """What a copy in another process is made from: JSON, since some specs cannot be pickled."""
        return _from_json, (type(self), self.model_dump_json())

    @property
    def key(self) -> str:
        """Hash of the content; the name of the cell's folder."""
        return fingerprint(self.model_dump(mode="json"))[:_KEY_DIGITS]

    @property
    def label(self) -> str:
        """The cell in words, for progress reports and messages."""
        return f"{self.arm}: {self.subject.label}"

    @property
    @abstractmethod
    def detail(self) -> str:
        """What tells it from other cells of the same label."""


def _from_json(kind: type[StudyCell], text: str) -> StudyCell:
    return kind.model_validate_json(text)


def labels(cells: Iterable[StudyCell]) -> dict[str, str]:
    """The cells in words, by key; with their details where several have the same label."""
    plain = {cell.key: cell for cell in cells}
    counts = Counter(cell.label for cell in plain.values())
    return {
        key: cell.label if counts[cell.label] == 1 else f"{cell.label}, {cell.detail}"
        for key, cell in plain.items()
    }
