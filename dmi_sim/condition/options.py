"""Options of a condition: the user's choices, checked and completed with defaults."""

from collections.abc import Mapping
from numbers import Real
from typing import cast

from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.spec.condition import ConditionSpec, OptionSpec, weeks_of

Options = dict[str, float | str]
"""A value for every option of a condition."""


def resolve_options(name: str, spec: ConditionSpec, given: object) -> Options:
    """The value of every option: the user's where given, else the default.

    Args:
        name: Name of the condition, for messages.
        spec: The condition, with the options that it offers.
        given: Mapping of option names to values, or None; numbers become floats.

    Raises:
        InputError: If an option is unknown or its value is not allowed.
    """
    if given is not None and not isinstance(given, Mapping):
        raise InputError(f"condition_options: {given!r} is not a mapping of options to values")
    wanted = dict(cast("Mapping[object, object]", given or {}))
    for word in wanted:
        if word not in spec.options:
            raise InputError(_unknown(name, spec, word))
    return {
        name: _value(f"condition_options.{name}", option, wanted.get(name, option.default))
        for name, option in spec.options.items()
    }


def _unknown(name: str, spec: ConditionSpec, word: object) -> str:
    if not spec.options:
        return f"condition_options: {name} offers none, got '{word}'"
    hint = did_you_mean(str(word), spec.options)
    return f"condition_options: {name} has no '{word}'; {hint}"


def _value(field: str, option: OptionSpec, value: object) -> float | str:
    if not option.choices:
        return _number(field, option, value)
    if value not in option.choices:
        raise InputError(f"{field}: no '{value}'; {did_you_mean(str(value), option.choices)}")
    return str(value)


def _number(field: str, option: OptionSpec, given: object) -> float:
    value = weeks_of(given) if option.unit == "week" else given
    as_days = ", or weeks and days such as 30+3" if option.unit == "week" else ""
    if not isinstance(value, Real):
        raise InputError(f"{field}: {given!r} is not a number from {option.allowed}{as_days}")
    number, low, high = float(value), cast("float", option.lowest), cast("float", option.highest)
    if not low <= number <= high:
        raise InputError(f"{field}: {given} is outside {option.allowed}{as_days}")
    return number
