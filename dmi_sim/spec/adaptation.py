"""Adaptation: how the length of a muscle follows the lengths at which it lives."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from dmi_sim.spec.base import NonNegative, Positive, Quantity, Spec

DaysQuantity = Quantity[Positive, Literal["d"]]
"""A time with its evidence [d]."""
GainQuantity = Quantity[NonNegative, Literal["1"]]
"""A gain with its evidence [1]."""


class AdaptationSpec(Spec):
    """How fast and how far optimal fibre lengths follow the lengths at which muscles live."""

    folder: ClassVar[str] = "models/adaptation"

    title: str
    """Title of the set of values."""
    time_constant: DaysQuantity
    """Time in which 63 % of a change has come about [d]."""
    passive_gain: GainQuantity
    """Change of length in the long run, over the mean stretch of a silent muscle."""
    active_gain: GainQuantity
    """The same over stretch times activation, of a muscle that works."""
    range: Quantity[tuple[Positive, Positive], Literal["1"]]
    """Shortest and longest optimal length, over what the body alone gives."""

    @model_validator(mode="after")
    def _holds_what_the_body_gives(self) -> Self:
        low, high = self.range.value
        if not low <= 1 <= high:
            raise ValueError(f"range: {low:g} to {high:g} does not hold 1, what the body gives")
        return self
