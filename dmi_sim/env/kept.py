"""What a user gave, kept as it is now: lists, mappings and arrays of it may change afterwards."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

import numpy as np

from dmi_sim.physics.platform import PlatformMotion
from dmi_sim.physics.push import Push


def kept(value: Any) -> Any:
    """A value that stays as it is, whatever its owner does with what was given.

    Functions stay themselves: what they remember is their owner's own.

    >>> hands = {"site": ["axillae", "pelvis"]}
    >>> ours = kept(hands)
    >>> hands["site"].append("feet")
    >>> ours
    {'site': ['axillae', 'pelvis']}
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: kept(one) for key, one in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list):
        return [kept(one) for one in cast("list[Any]", value)]
    if type(value) is tuple:
        return tuple(kept(one) for one in cast("tuple[Any, ...]", value))
    return deepcopy(value) if isinstance(value, np.ndarray | Push | PlatformMotion) else value
