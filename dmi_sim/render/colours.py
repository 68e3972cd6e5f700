"""The table of colours for an infant, the therapist's hands and the surroundings."""

from typing import Literal

Role = Literal[
    "skin", "shirt", "trousers", "hair", "eye", "shine", "cheek", "mouth",
    "hand", "sleeve", "push",
    "furniture", "platform", "platform_line", "floor", "floor_line",
]  # fmt: skip
"""Part of a picture that has a colour of its own."""

COLOURS: dict[Role, str] = {
    "skin": "#e3b08e",
    "shirt": "#56b4e9",
    "trousers": "#4d5b73",
    "hair": "#5a4033",
    "eye": "#20242b",
    "shine": "#ffffff",
    "cheek": "#e79a80",
    "mouth": "#b0555a",
    "hand": "#c08a60",
    "sleeve": "#3d7a73",
    "push": "#c21f2f",
    "furniture": "#b8a58a",
    "platform": "#cfc6b4",
    "platform_line": "#9a8c74",
    "floor": "#ebecee",
    "floor_line": "#b0b8c4",
}
"""Colours as sRGB ``#rrggbb``. A therapist's hands look like skin, and the sleeves stay apart from
clothes and furniture; the shirt takes the colour of an arm where a study has arms."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue [0..255] of a ``#rrggbb`` colour.

    >>> rgb("#ff8000")
    (255, 128, 0)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def darker(colour: str, light: float = 0.62) -> str:
    """A darker tone of a ``#rrggbb`` colour, by default for outlines.

    Args:
        colour: Colour in full light.
        light: Share of the light that is left [0..1].

    >>> darker("#ff8000", 0.5)
    '#804000'
    """
    return "#" + "".join(f"{round(channel * light):02x}" for channel in rgb(colour))
