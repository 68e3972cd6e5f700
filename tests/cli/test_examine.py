"""The command that examines an infant."""

from pathlib import Path

import pytest

from dmi_sim.cli.examine import examine
from dmi_sim.errors import InputError


def test_the_table_sets_the_infant_beside_the_typical_one_and_says_what_it_is() -> None:
    lines = examine(age=6, condition="hypotonia", severity=0.7).text.splitlines()
    assert "hypotonia, severity 0.7" in lines[0]
    assert lines[0].endswith("typical")
    pull = next(line for line in lines if line.startswith("pull to sit"))
    assert " no head lag" in pull
    assert pull.replace("no head lag", "").count("head lag") == 1
    assert lines[-1] == "Simulation, not clinical evidence."


def test_the_data_name_infant_options_and_findings_of_both(tmp_path: Path) -> None:
    picture = tmp_path / "infant.png"
    answer = examine(
        age=12, condition="spinal_cord_lesion", severity=1, option=["level=T10"], picture=picture
    )
    assert answer.data["condition_options"] == {"level": "T10"}
    legs = [answer.data[who]["ventral_suspension"]["leg_rad"] for who in ("findings", "typical")]
    assert legs[0] < legs[1]
    assert picture.stat().st_size > 20_000


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(InputError, match="name=value"):
        examine(condition="spinal_cord_lesion", option=["T10"])
    with pytest.raises(InputError, match="did you mean 'level'"):
        examine(condition="spinal_cord_lesion", option=["levle=T10"])


def test_a_picture_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    for name in ("infant.txt", "missing/infant.png"):
        with pytest.raises(InputError, match=r"^picture: "):
            examine(age=99, picture=tmp_path / name)


def test_an_infant_of_measured_size_is_told_from_the_typical_one() -> None:
    answer = examine(age=6, mass_kg=6.0, length_m=0.64)
    assert answer.text.splitlines()[0].split("  ")[-1].strip() == "typical"
    assert "typical, 6.0 kg, 64 cm" in answer.text.splitlines()[0]
    assert answer.data["mass_kg"] == pytest.approx(6.0)
