"""Sentences by rule: from when on the page says what (`models/sentences/`)."""

from typing import ClassVar

from dmi_sim.spec.base import RatioQuantity, SecondsQuantity, Spec


class SentencesSpec(Spec):
    """Thresholds of the sentence of the page; they judge nothing, they choose words."""

    folder: ClassVar[str] = "models/sentences"

    begun: SecondsQuantity
    """Time before which there is nothing to say [s]."""
    carried_from: RatioQuantity
    """Share of body weight in the hands from which on the sentence says so [1]."""
    head_sunk_below: RatioQuantity
    """Height of the head over that at the start below which the sentence says so [1]."""
