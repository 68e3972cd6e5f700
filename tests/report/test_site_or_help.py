"""What was learnt over the site, at equal firmness and at equal help, and over firmness."""

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.report.context import ReportContext, report_context
from dmi_sim.report.site_or_help import (
    lines_over_firmness,
    lines_over_sites,
    site_or_help_pictures,
    site_or_help_section,
)
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.spec.arm import ArmSpec
from dmi_sim.spec.study import StudySpec
from tests.report.fakes import GAINS, fake_run_of, study

SHIPPED = Catalog.shipped()


def held(support: str, strength: float, **more: object) -> ArmSpec:
    return ArmSpec.model_validate({"support": support, "support_strength": strength, **more})


def with_arms(arms: dict[str, ArmSpec], matched_to: str | None = None) -> StudySpec:
    return study().model_copy(update={"arms": arms, "matched_to": matched_to})


MATCHED = with_arms(
    {
        "axillae": held("axillae", 0.05, matched_in="load"),
        "pelvis": held("pelvis", 0.2),
        "none": ArmSpec(support="none"),
    },
    "pelvis",
)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ReportContext:
    folder = tmp_path_factory.mktemp("runs") / "matched"
    run = read_run(fake_run_of(folder, MATCHED, lambda cell: GAINS[cell.arm][cell.subject.seed]))
    return report_context(run, SHIPPED)


def test_one_line_joins_hands_of_equal_firmness_and_one_those_of_each_equal_help() -> None:
    firm, load = lines_over_sites(MATCHED)
    assert (firm.title, firm.arms) == ("equal firmness", {"pelvis": "pelvis"})
    assert (load.title, load.arms) == (
        "equal share of load", {"axillae": "axillae", "pelvis": "pelvis"}
    )  # fmt: skip


def test_sites_stand_from_the_head_down_wherever_the_file_has_them() -> None:
    arms = {name: held(name, 0.2) for name in ("feet", "axillae", "thighs")}
    (firm,) = lines_over_sites(with_arms(arms, "feet"))
    assert list(firm.arms) == ["axillae", "thighs", "feet"]


def test_firmness_rises_along_a_line_and_a_site_of_one_firmness_has_none() -> None:
    arms = {f"a{number}": held("axillae", one) for number, one in enumerate((1.0, 0.05, 0.2))}
    (line,) = lines_over_firmness(with_arms({**arms, "pelvis": held("pelvis", 0.2)}))
    assert (line.title, list(line.arms)) == ("axillae", ["0.05", "0.2", "1"])


def test_a_study_that_cannot_tell_them_apart_has_no_such_section(run: RunTables) -> None:
    plain = report_context(run, SHIPPED)
    assert site_or_help_section(plain) == ()
    assert list(site_or_help_pictures(plain)) == []


def test_the_picture_has_a_point_for_each_arm_at_its_mean(context: ReportContext) -> None:
    (picture,) = site_or_help_pictures(context)
    (axes,) = picture.figure.axes
    lines = {line.get_label(): np.asarray(line.get_ydata()).tolist() for line in axes.lines}
    means = {one.arm: one.mean.value for one in context.findings.results}
    assert lines["equal share of load"] == pytest.approx([means["axillae"], means["pelvis"]])
    assert set(lines["no hands"]) == {means["none"]}


def test_the_section_tells_firmness_and_mean_of_each_arm(context: ReportContext) -> None:
    (section,) = site_or_help_section(context)
    text = str(section)
    assert "equal share of load" in text
    assert ">0.05<" in text
    assert "reflexes alone" in text


def test_the_shipped_study_asks_about_every_site_at_equal_firmness() -> None:
    firm, *matched = lines_over_sites(SHIPPED.load(StudySpec, "site_in_standing"))
    assert list(firm.arms) == ["axillae", "pelvis", "thighs", "shanks", "feet"]
    assert len(matched) == 3
    assert all("feet" not in one.arms for one in matched)
