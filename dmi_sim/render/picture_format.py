"""From where and how large an infant is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import radians
from types import MappingProxyType

from dmi_sim.errors import InputError, did_you_mean, require_within

CAMERAS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "front_right": (-52.0, 11.0),
        "front": (0.0, 11.0),
        "front_left": (52.0, 11.0),
        "side": (-90.0, 11.0),
        "right": (-90.0, 11.0),
        "left": (90.0, 11.0),
        "back": (180.0, 11.0),
        "above": (-52.0, 75.0),
    }
)
"""Azimuth from where the infant faces at the start towards its left, and elevation [deg]."""
SMALLEST_PX, LARGEST_PX = 64, 2048
_LONGEST = 4
"""Longer side over shorter side of a picture, at most."""


@dataclass(frozen=True)
class PictureFormat:
    """From where and how large an infant is drawn.

    Attributes:
        camera: Name of one of :data:`CAMERAS`.
        width: Width in pixels.
        height: Height in pixels.

    Raises:
        InputError: If there is no such camera, or a side is out of range.
    """

    camera: str = "front_right"
    width: int = 480
    height: int = 360

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if str(self.camera) not in CAMERAS:
            nearest = did_you_mean(str(self.camera), tuple(CAMERAS))
            raise InputError(f"render_camera: no '{self.camera}'; {nearest}")
        _require_pixels("render_width", self.width)
        _require_pixels("render_height", self.height)
        if max(self.size) > _LONGEST * min(self.size):
            raise InputError(
                f"render_width, render_height: {self.width} x {self.height} pixels; "
                f"no side may be more than {_LONGEST} times the other"
            )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def direction_rad(self) -> tuple[float, float]:
        """Azimuth and elevation of the camera [rad]."""
        azimuth_deg, elevation_deg = CAMERAS[self.camera]
        return radians(azimuth_deg), radians(elevation_deg)

    @property
    def narrowness(self) -> float:
        """Height over width of a picture that is higher than wide; 1 of all others."""
        return max(1.0, self.height / self.width)


def _require_pixels(name: str, pixels: object) -> None:
    if not isinstance(pixels, int) or isinstance(pixels, bool):
        raise InputError(
            f"{name}: {pixels!r} is not a whole number; {SMALLEST_PX} to {LARGEST_PX} pixels"
        )
    require_within(name, pixels, SMALLEST_PX, LARGEST_PX)
