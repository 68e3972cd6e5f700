"""One sentence about two infants, chosen by rule from what is seen, never by what is hoped for."""

from collections.abc import Callable, Mapping

from dmi_sim.live.messages import InfantFrame, Sentence, Who

CARRIED = 0.5
"""Share of body weight in the hands from which on the sentence says so; assumed."""
SUNK = 0.8
"""Height of the head over that at the start below which the sentence says so; assumed."""
BEGUN_S = 1.0
"""Time before which there is nothing to say [s]."""

Seen = Mapping[Who, InfantFrame]
Rule = Callable[[Seen, float], Sentence | None]


def sentence(seen: Seen, time_s: float, broke_off: Who | None = None) -> Sentence:
    """The sentence of the first rule that applies.

    Args:
        seen: Both infants.
        time_s: Time since the start of the take [s].
        broke_off: The infant whose simulation broke off, for which both have begun anew.
    """
    if broke_off:
        return Sentence(key="broke_off", infant=broke_off)
    told = (rule(seen, time_s) for rule in _RULES)
    return next((one for one in told if one), Sentence(key="begins"))


def _fell(seen: Seen, time_s: float) -> Sentence | None:
    a, b = (seen[who].fell_at_s for who in ("a", "b"))
    if a is not None and b is not None:
        return Sentence(key="both_down", numbers={"a": round(a, 1), "b": round(b, 1)})
    if a is not None:
        return Sentence(key="one_down", infant="a", numbers={"s": round(a, 1)})
    if b is not None:
        return Sentence(key="one_down", infant="b", numbers={"s": round(b, 1)})
    return None


def _too_early(seen: Seen, time_s: float) -> Sentence | None:
    return Sentence(key="begins") if time_s < BEGUN_S else None


def _carried(seen: Seen, time_s: float) -> Sentence | None:
    most = max(seen, key=lambda who: seen[who].support_share)
    share = seen[most].support_share
    numbers = {"percent": max(0, round(100 * share))}
    return Sentence(key="carried", infant=most, numbers=numbers) if share >= CARRIED else None


def _sunk(seen: Seen, time_s: float) -> Sentence | None:
    lowest = min(seen, key=lambda who: seen[who].head_share)
    share = seen[lowest].head_share
    numbers = {"percent": max(0, round(100 * share))}
    return Sentence(key="head_sunk", infant=lowest, numbers=numbers) if share < SUNK else None


def _up(seen: Seen, time_s: float) -> Sentence | None:
    alone = all(one.site == "none" for one in seen.values())
    return Sentence(key="both_alone" if alone else "both_up", numbers={"s": int(time_s)})


_RULES: tuple[Rule, ...] = (_fell, _too_early, _carried, _sunk, _up)
