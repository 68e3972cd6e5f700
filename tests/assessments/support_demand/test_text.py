"""The demand of each site as a table and as data."""

import re
from math import inf

from dmi_sim.assessments.support_demand.result import Demand, Effort
from dmi_sim.assessments.support_demand.text import demand_data, demand_lines, infant_title
from dmi_sim.infant import InfantConfig

WEAK, STRONG = Effort(inf, "", ()), Effort(0.4, "neck.flexion", (0.4, 0.1))


def demand_at(site: str, leaning: Effort) -> Demand:
    muscles = ("left_psoas", "right_psoas")
    return Demand(site, "sitting", 10.0, 6.25, 0.1, 0.14, (3.0, 1.0), muscles, STRONG, leaning)


def test_numbers_stand_under_their_headings() -> None:
    groups, head, pelvis, *_ = demand_lines([demand_at("pelvis", STRONG)])
    cells = list(re.finditer(r"\S+", pelvis))
    assert [cell[0] for cell in cells] == [
        "pelvis", "6.25", "140", "2", "3.0", "40%", "40%", "neck.flexion",
    ]  # fmt: skip
    for cell, group, name in (
        (cells[1], "toppling", "N m/rad"),
        (cells[2], "respond", "within ms"),
        (cells[3], "unstable", "ways"),
        (cells[4], "fastest", "1/s"),
    ):
        assert groups[: cell.end()].endswith(group)
        assert head[: cell.end()].endswith(name)


def test_an_infinite_share_of_strength_is_called_never_and_has_no_limiting_axis() -> None:
    row = list(demand_lines([demand_at("none", WEAK)]))[2]
    assert row.split()[-2:] == ["40%", "never"]


def test_the_columns_are_explained_and_a_notice_ends_the_table() -> None:
    lines = list(demand_lines([demand_at("none", STRONG)]))
    assert any("hardest of 10 degrees" in line for line in lines)
    assert lines[-1] == "Simulation, not clinical evidence."


def test_plain_data_give_activations_by_muscle_and_derived_values() -> None:
    (site,) = demand_data([demand_at("pelvis", WEAK)])["sites"]
    assert site["upright"]["activation"] == {"left_psoas": 0.4, "right_psoas": 0.1}
    assert site["upright"]["limiting_axis"] == "neck.flexion"
    assert not site["leaning"]["is_possible"]
    assert site["leaning"]["activation"] == {}


def test_severity_is_given_for_conditions_only() -> None:
    assert infant_title(InfantConfig(6.0, "male", "typical", 0.5)) == "male, typical"
    hypotonic = InfantConfig(6.0, "female", "hypotonia", 0.5)
    assert infant_title(hypotonic) == "female, hypotonia, severity 0.5"
