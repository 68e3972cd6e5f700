"""The figure of the support demand."""

from pathlib import Path

import pytest

from dmi_sim.assessments.support_demand.figure import distinct_sites, draw_demands
from dmi_sim.assessments.support_demand.result import Demand, Effort
from dmi_sim.errors import InputError

TITLES = {"pelvis": "Hands at the pelvis", "feet": "Hands on the feet", "none": "No hands"}


def demand_at(site: str, load: float, share: float) -> Demand:
    effort = Effort(share, "waist.flexion", (share,) if share <= 1 else ())
    return Demand(site, "sitting", 10.0, load, 0.1, 0.14, (3.0,), ("left_psoas",), effort, effort)


DEMANDS = [demand_at("pelvis", 5.0, 0.4), demand_at("feet", 6.0, 1.7), demand_at("none", 6.0, 1.7)]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_sites_with_the_demand_of_no_hands_share_its_row() -> None:
    assert distinct_sites(DEMANDS) == ("pelvis", "none")


def test_the_figure_names_sites_ages_and_that_it_is_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "demand.svg"
    draw_demands({0.0: DEMANDS, 6.0: DEMANDS}, TITLES, "female, typical", path)
    for words in (
        "Hands at the pelvis",
        "or feet",
        "newborn",
        "6 months",
        "female",
        "not clinical evidence",
    ):
        assert words in text_of(path)


def test_an_infinite_share_of_strength_leaves_a_gap_and_no_warning(tmp_path: Path) -> None:
    never = [demand_at("pelvis", 5.0, float("inf")), demand_at("none", 6.0, float("inf"))]
    draw_demands({6.0: never}, TITLES, "female, typical", tmp_path / "demand.png")
    assert (tmp_path / "demand.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["demand.docx", "nowhere/demand.png"])
def test_a_file_that_cannot_hold_a_figure_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="figure: "):
        draw_demands({6.0: DEMANDS}, TITLES, "female, typical", tmp_path / name)
