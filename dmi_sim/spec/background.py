"""Background: which words of which source a file renders, and what nobody says."""

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import Field

from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import Strict


class RenderedSpec(Strict):
    """Words of a source that a file renders."""

    words: str
    """What the source says, shortened."""
    said_by: str
    """Who says so, in words."""
    source: str | None = None
    """Key in ``models/references.yaml``; without one nothing was published."""
    by: Annotated[tuple[str, ...], Field(min_length=1)]
    """Fields of the file that render it, such as ``site``."""


class BackgroundSpec(Strict):
    """What a file rests on."""

    rendered: tuple[RenderedSpec, ...] = ()
    """Words of sources, and the fields that render them."""
    assumed: Annotated[tuple[str, ...], Field(min_length=1)]
    """What no source says, one sentence for each."""

    def with_that_of(self, other: "BackgroundSpec", by: str) -> "BackgroundSpec":
        """The background of a file that takes one of its fields from another file.

        Args:
            other: Background of the other file.
            by: Field that is taken from it.
        """
        theirs = [one.model_copy(update={"by": (by,)}) for one in other.rendered]
        return BackgroundSpec(
            rendered=(*self.rendered, *(one for one in theirs if one not in self.rendered)),
            assumed=tuple(dict.fromkeys((*self.assumed, *other.assumed))),
        )

    def unknown_fields(self, known: Collection[str]) -> Iterator[str]:
        """What is wrong with the names of fields that render words, one line each.

        Args:
            known: Names of the fields of the file.

        >>> words = {"words": "lower", "said_by": "a clinic", "by": ["sites"]}
        >>> background = BackgroundSpec(rendered=[words], assumed=["all"])
        >>> list(background.unknown_fields(["site"]))
        ["background.rendered[0].by: no field 'sites'; did you mean 'site'?"]
        """
        for number, one in enumerate(self.rendered):
            for field in one.by:
                if field not in known:
                    place = f"background.rendered[{number}].by"
                    yield f"{place}: no field '{field}'; {did_you_mean(field, known)}"
