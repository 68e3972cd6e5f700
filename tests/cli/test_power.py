"""The command that says how many infants are needed."""

from pathlib import Path

import pytest

from dmi_sim.cli.power import power
from dmi_sim.errors import InputError
from dmi_sim.report.labels import measure
from tests.report.fakes import GAINS, NAME, fake_run


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one finished run of the shipped study."""
    monkeypatch.chdir(tmp_path)
    return fake_run(tmp_path / "runs" / NAME / "20260101T000000Z-5eed5eed", with_replays=False)


def test_the_newest_finished_run_is_taken_unless_one_is_named(runs: Path) -> None:
    found, named = power(NAME), power(NAME, run=runs)
    assert found.data["run"] == runs.relative_to(Path.cwd())
    assert found.data["comparisons"] == named.data["comparisons"]


def test_the_answer_says_what_it_rests_on_and_how_little_three_infants_tell(runs: Path) -> None:
    text = power(NAME).text
    assert f"Infants that show a difference of 1 s in {measure('time_upright_s').title}," in text
    assert "80 % power" in text
    assert "Hands at the pelvis minus no hands" in text
    assert "The run is too small to tell: from 3 infants" in text
    assert "The run differs from the study in dose, test" in text
    assert "share one body" in text
    assert "not clinical evidence" in text


def test_every_number_of_the_answer_is_in_its_data(runs: Path) -> None:
    answer = power(NAME, chance=0.9)
    assert answer.data["power"] == 0.9
    assert answer.data["too_small"] is True
    for one in answer.data["comparisons"]:
        for limit in one["needed"].values():
            assert f"{limit:.0f}" in answer.text


def test_without_a_finished_run_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"nor a study that has one; .* run the study first"):
        power(NAME)
    with pytest.raises(InputError, match="no run"):
        power(NAME, run=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_small_spread_keeps_its_digits_and_one_of_zero_tells_of_no_number(
    runs: Path, tmp_path: Path
) -> None:
    small = {arm: tuple(0.002 * gain for gain in gains) for arm, gains in GAINS.items()}
    named = power(NAME, run=fake_run(tmp_path / "small", small, with_replays=False))
    for one in named.data["comparisons"]:
        assert f"{one['spread']:.2g}" in named.text
    alike = {arm: (1.0, 1.0, 1.0) for arm in GAINS}
    text = power(NAME, run=fake_run(tmp_path / "alike", alike, with_replays=False)).text
    assert "100 %" not in text.replace("with 100 %", "")
    assert "such a run cannot tell how many are needed" in text
    assert "too small to tell" not in text
