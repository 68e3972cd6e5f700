"""One sentence about two infants, chosen by rule from what is seen, never by what is hoped for."""

from collections.abc import Callable, Mapping
from functools import cache

from dmi_sim.catalog import Catalog
from dmi_sim.live.messages import Sentence, Who
from dmi_sim.page.messages import InfantFrame
from dmi_sim.spec.sentences import SentencesSpec

Seen = Mapping[Who, InfantFrame]
Rule = Callable[[Seen, float, SentencesSpec], Sentence | None]


@cache
def thresholds() -> SentencesSpec:
    """From when on which sentence is said, read once."""
    return Catalog.shipped().load(SentencesSpec, "page")


def sentence(
    seen: Seen, time_s: float, broke_off: Who | None = None, limits: SentencesSpec | None = None
) -> Sentence:
    """The sentence of the first rule that applies.

    Args:
        seen: Both infants.
        time_s: Time since the start of the take [s].
        broke_off: The infant whose simulation broke off, for which both have begun anew.
        limits: From when on which sentence is said; those of the page by default.
    """
    if broke_off:
        return Sentence(key="broke_off", infant=broke_off)
    told = (rule(seen, time_s, limits or thresholds()) for rule in _RULES)
    return next((one for one in told if one), Sentence(key="begins"))


def _fell(seen: Seen, time_s: float, limits: SentencesSpec) -> Sentence | None:
    a, b = (seen[who].fell_at_s for who in ("a", "b"))
    if a is not None and b is not None:
        return Sentence(key="both_down", numbers={"a": round(a, 1), "b": round(b, 1)})
    if a is not None:
        return Sentence(key="one_down", infant="a", numbers={"s": round(a, 1)})
    if b is not None:
        return Sentence(key="one_down", infant="b", numbers={"s": round(b, 1)})
    return None


def _too_early(seen: Seen, time_s: float, limits: SentencesSpec) -> Sentence | None:
    return Sentence(key="begins") if time_s < limits.begun.value else None


def _carried(seen: Seen, time_s: float, limits: SentencesSpec) -> Sentence | None:
    most = max(seen, key=lambda who: seen[who].support_share)
    share = seen[most].support_share
    if share < limits.carried_from.value:
        return None
    return Sentence(key="carried", infant=most, numbers={"percent": round(100 * share)})


def _sunk(seen: Seen, time_s: float, limits: SentencesSpec) -> Sentence | None:
    lowest = min(seen, key=lambda who: seen[who].head_share)
    share = seen[lowest].head_share
    if share >= limits.head_sunk_below.value:
        return None
    return Sentence(key="head_sunk", infant=lowest, numbers={"percent": max(0, round(100 * share))})


def _up(seen: Seen, time_s: float, limits: SentencesSpec) -> Sentence | None:
    alone = all(one.site == "none" for one in seen.values())
    return Sentence(key="both_alone" if alone else "both_up", numbers={"s": int(time_s)})


_RULES: tuple[Rule, ...] = (_fell, _too_early, _carried, _sunk, _up)
