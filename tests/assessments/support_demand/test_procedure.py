"""The support demand as a user gets it."""

from itertools import pairwise

import pytest

import dmi_sim
from dmi_sim.assessments.support_demand.procedure import demands_by_age, demands_by_site
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.exercise import ExerciseSpec
from tests.assessments.support_demand.postures import DOWNWARDS

INFANT = Infant.from_spec(6)
STANDING = Catalog.shipped().load(ExerciseSpec, "standing")


def test_hands_at_the_pelvis_in_sitting_are_the_default() -> None:
    asked = dmi_sim.demand(INFANT)
    assert (asked.support, asked.posture) == ("pelvis", "sitting")
    assert asked == dmi_sim.demand(Infant.from_spec(6), support="pelvis", posture="sitting")


def test_demand_grows_as_hands_go_down_and_is_largest_without_them() -> None:
    demands = [dmi_sim.demand(INFANT, site) for site in DOWNWARDS]
    loads = [one.toppling_nm_per_rad for one in demands]
    assert all(below > above for above, below in pairwise(loads))
    by_site = {one.support: one.leaning.share_of_strength for one in demands}
    assert by_site["axillae"] < by_site["waist"] < by_site["none"]
    assert by_site["none"] >= max(by_site.values()) * (1 - 1e-9)


def test_a_lean_takes_more_strength_than_upright_and_a_larger_lean_still_more() -> None:
    small, large = (dmi_sim.demand(INFANT, "none", lean_deg=lean) for lean in (5, 15))
    assert small.upright == large.upright
    shares = [one.share_of_strength for one in (small.upright, small.leaning, large.leaning)]
    assert shares == sorted(shares)
    assert shares[2] > shares[0]


def test_each_activation_belongs_to_a_named_muscle() -> None:
    asked = dmi_sim.demand(Infant.from_spec(12), "axillae", lean_deg=5)
    by_name = dict(zip(asked.muscles, asked.leaning.activation, strict=True))
    assert len(by_name) == len(asked.muscles)
    assert 0 < max(by_name.values()) <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"support": "pelvsi"}, "support: no 'pelvsi' in sitting; did you mean 'pelvis'?"),
        ({"posture": "siting"}, "sitting"),
        ({"lean_deg": 60}, "lean_deg: 60 is outside 0 to 45"),
    ],
)
def test_a_wrong_name_or_lean_is_refused_with_the_right_ones(
    arguments: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        dmi_sim.demand(INFANT, **arguments)  # pyright: ignore[reportArgumentType] - on purpose


def test_hands_on_the_arms_bear_no_posture_and_are_refused() -> None:
    with pytest.raises(InputError, match=r"'forearms' holds arms.*known: .*axillae"):
        dmi_sim.demand(Infant.from_spec(7), support="forearms", posture="pull_to_sit")


def test_the_demand_is_given_at_all_sites_of_an_exercise_from_the_head_down() -> None:
    sites = [one.support for one in demands_by_site(Infant.from_spec(12), "standing")]
    assert sites == [site for site in dmi_sim.support_sites() if site in STANDING.supports]


def test_demands_of_several_infants_are_given_by_age() -> None:
    reported: list[tuple[float, str]] = []
    infants = [Infant.from_spec(age) for age in (0, 6)]
    found = demands_by_age(infants, "sitting", 10.0, lambda *news: reported.append(news))
    assert reported == [(0.0, "age 0 months"), (0.5, "age 6 months")]
    assert found[6] == demands_by_site(INFANT)
