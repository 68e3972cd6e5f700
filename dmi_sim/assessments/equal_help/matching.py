"""The firmness at which hands give as much help as is asked for: a search, without physics."""

from collections.abc import Callable
from math import inf, sqrt

SOFTEST = 1 / 128
"""The softest hands that are tried."""
PRECISION = 1.02
"""Ratio of the firmness that is found to one that was too soft, at most."""


def least_firmness(amount_at: Callable[[float], float], asked: float) -> float:
    """The least firmness at which hands give at least as much help as is asked for.

    Firmness is doubled from :data:`SOFTEST` on until help is enough, and then the interval in
    which it becomes so is halved (bisection of the logarithm). So what is found is right where help
    grows with firmness, and the first place of several where it does not.

    Args:
        amount_at: Help at a firmness, in any unit; more is more.
        asked: Help that is asked for.

    Returns:
        Infinity if full firmness does not give so much; :data:`SOFTEST` if that is enough.

    >>> round(least_firmness(lambda firmness: 10 * firmness, asked=2.0), 2)
    0.2
    >>> least_firmness(lambda firmness: 10 * firmness, asked=11.0)
    inf
    """
    enough = SOFTEST
    while amount_at(enough) < asked:
        if enough >= 1:
            return inf
        enough = min(1.0, 2 * enough)
    if enough == SOFTEST:
        return SOFTEST
    return _bisected(amount_at, asked, too_soft=enough / 2, enough=enough)


def _bisected(
    amount_at: Callable[[float], float], asked: float, too_soft: float, enough: float
) -> float:
    while enough > PRECISION * too_soft:
        middle = sqrt(too_soft * enough)
        if amount_at(middle) < asked:
            too_soft = middle
        else:
            enough = middle
    return enough
