"""The literature that the numbers rest on."""

from typing import ClassVar, Literal

from dmi_sim.spec.base import Spec, Strict


class Reference(Strict):
    """One work that a ``source`` may name."""

    title: str
    """Title of the work."""
    authors: str
    """Authors, family name first; an organisation by its name."""
    year: int
    """Year of publication."""
    where: str | None = None
    """Journal with volume and pages, book with publisher, or report number."""
    doi: str | None = None
    """Digital object identifier, without a prefix."""
    url: str | None = None
    """Where to find it, if it has no DOI."""
    status: Literal["read", "secondary", "recalled"]
    """Its numbers were ``read`` in the work itself, in another work that quotes it
    (``secondary``), or are ``recalled`` and still to be compared with it."""
    note: str | None = None
    """What was taken from it, or how it was checked."""


class References(Spec):
    """All works by key; the one file of this kind is ``models/references.yaml``."""

    folder: ClassVar[str] = "models"

    references: dict[str, Reference]
    """Works by key, such as ``who2006``."""
