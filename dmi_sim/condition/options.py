"""What a user chose among the options of a condition, complete and checked."""

from collections.abc import Mapping
from typing import cast

from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.spec.condition import ConditionSpec, OptionSpec

Options = dict[str, float | str]
"""A value for every option of a condition."""


def choose(name: str, spec: ConditionSpec, given: object) -> Options:
    """The value of every option: the user's where given, else the default.

    Args:
        name: Of the condition, for messages.
        spec: What it offers.
        given: Values by option, or None; numbers become floats.

    Raises:
        InputError: If an option is unknown or its value not allowed.
    """
    if given is not None and not isinstance(given, Mapping):
        raise InputError(f"condition_options: {given!r} is not a mapping of options to values")
    wanted = dict(cast("Mapping[object, object]", given or {}))
    for word in wanted:
        if word not in spec.options:
            raise InputError(_unknown(name, spec, word))
    return {
        option: _value(f"condition_options.{option}", offer, wanted.get(option, offer.default))
        for option, offer in spec.options.items()
    }


def _unknown(name: str, spec: ConditionSpec, word: object) -> str:
    if not spec.options:
        return f"condition_options: {name} offers none, got '{word}'"
    hint = did_you_mean(str(word), spec.options)
    return f"condition_options: {name} has no '{word}'; {hint}"


def _value(field: str, offer: OptionSpec, value: object) -> float | str:
    if offer.lowest is not None and offer.highest is not None:
        require_within(field, value, offer.lowest, offer.highest)
        return float(cast("float", value))
    if value not in offer.choices:
        raise InputError(f"{field}: no '{value}'; {did_you_mean(str(value), offer.choices)}")
    return str(value)
