"""The command that answers without training."""

from pathlib import Path

import pytest

from dmi_sim import support_sites
from dmi_sim.cli.demand import demand
from dmi_sim.errors import InputError


def test_the_table_has_every_site_from_the_head_down_and_says_what_it_is() -> None:
    lines = demand(age=6).text.splitlines()
    first_words = [line.split()[0] for line in lines if line]
    assert [word for word in first_words if word in support_sites()] == list(support_sites())
    assert lines[-1] == "Simulation, not clinical evidence."


def test_the_data_hold_every_number_with_activations_by_muscle() -> None:
    data = demand(age=12, lean=5).data
    assert (data["age_months"], data["posture"], data["lean_deg"]) == (12, "sitting", 5)
    pelvis = next(site for site in data["sites"] if site["support"] == "pelvis")
    assert pelvis["toppling_nm_per_rad"] > 0
    assert pelvis["leaning"]["is_possible"]
    named = pelvis["leaning"]["activation"]
    assert any(name.startswith("left_") for name in named)
    assert pelvis["leaning"]["share_of_strength"] <= max(named.values()) + 1e-6


def test_a_figure_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="figure"):
        demand(age=99, figure=tmp_path / "demand.txt")


def test_an_age_beyond_the_growth_standard_is_refused() -> None:
    with pytest.raises(InputError, match="age_months"):
        demand(age=30)


def test_a_heavier_infant_of_the_same_length_is_asked_for_more() -> None:
    light, heavy = (demand(age=6, mass_kg=mass, length_m=0.66) for mass in (6.0, 9.0))
    assert (light.data["mass_kg"], light.data["length_m"]) == pytest.approx((6.0, 0.66))
    assert light.data["weight_z"] < 0 < heavy.data["weight_z"]
    toppling = [answer.data["sites"][-1]["toppling_nm_per_rad"] for answer in (light, heavy)]
    assert toppling[0] < toppling[1]


def test_one_quantity_cannot_be_given_twice() -> None:
    with pytest.raises(InputError, match="give mass_kg or weight_z, not both"):
        demand(age=6, mass_kg=6.0, weight_z=1.0)
