"""The demand at each support site as a table and as plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from dmi_sim.assessments.support_demand.result import NOTICE, Demand, Effort
from dmi_sim.infant import InfantConfig
from dmi_sim.tables import columns

_GROUPS = ("", "toppling", "respond", "unstable", "fastest", "strength needed", "limited")
_HEAD = ("support", "N m/rad", "within ms", "ways", "1/s", "upright", "leaning", "by")


def demand_lines(demands: Sequence[Demand]) -> Iterator[str]:
    """The table, one row per site from the head down, and the meaning of its columns.

    Args:
        demands: Demands of one posture on one infant, from the head down.
    """
    yield from columns("<16 >8 >10 >9 >8 >16 >11", [_GROUPS])
    yield from columns("<16 >8 >10 >9 >8 >8 >8   <1", [_HEAD, *map(_cells, demands)])
    yield f"\nleaning: the hardest of {demands[0].lean_deg:g} degrees forward, back, left or right."
    yield "strength needed: of every muscle at least; above 100% the infant cannot hold."
    yield NOTICE


def _cells(one: Demand) -> tuple[str, ...]:
    return (
        one.support,
        f"{one.toppling_nm_per_rad:.2f}",
        f"{1000 * one.delay_limit_s:.0f}",
        f"{len(one.unstable_per_s)}",
        f"{max(one.unstable_per_s, default=0.0):.1f}",
        _share(one.upright),
        _share(one.leaning),
        one.leaning.limiting_axis,
    )


def _share(effort: Effort) -> str:
    share = effort.share_of_strength
    return f"{share:.0%}" if isfinite(share) else "never"


def demand_data(demands: Sequence[Demand]) -> dict[str, Any]:
    """The demands as plain data, with the activation of every muscle."""
    return {"notice": NOTICE, "sites": [_site_data(one) for one in demands]}


def _site_data(one: Demand) -> dict[str, Any]:
    data = asdict(one)
    muscles = data.pop("muscles")
    for when, effort in (("upright", one.upright), ("leaning", one.leaning)):
        data[when] |= {"is_possible": effort.is_possible, "mean_square": effort.mean_square}
        data[when]["activation"] = dict(zip(muscles, effort.activation, strict=False))
    return data


def infant_title(config: InfantConfig) -> str:
    """Sex and condition of an infant, in words."""
    how = "" if config.condition == "typical" else f", severity {config.severity:g}"
    return f"{config.sex}, {config.condition}{how}"
