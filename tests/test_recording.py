"""Recordings on disk: they are read as they were written, complete or not at all."""

from dataclasses import fields
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.outcome.calm import CALM
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.recording import FORMAT, Recording
from tests.outcome.recordings import recording


@pytest.mark.parametrize("hands", [0, 1, 2])
def test_a_recording_is_read_as_it_was_written(tmp_path: Path, hands: int) -> None:
    random = np.random.default_rng(0)
    ours = recording(hands=hands, com_m=random.normal(size=(61, 3)), fell=True)
    ours.save(tmp_path / "replay.npz")
    theirs = Recording.load(tmp_path / "replay.npz")
    for field in fields(Recording):
        before, after = getattr(ours, field.name), getattr(theirs, field.name)
        assert type(after) is type(before)
        np.testing.assert_array_equal(before, after)


def test_a_second_save_replaces_the_first_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "replay.npz"
    recording(steps=10).save(path)
    recording(steps=20).save(path)
    assert Recording.load(path).time_s.size == 21
    assert [file.name for file in tmp_path.iterdir()] == ["replay.npz"]


def test_a_save_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "replay.npz"
    recording(steps=10).save(path)

    def disk_full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", disk_full)
    with pytest.raises(OSError, match="no space left"):
        recording(steps=20).save(path)
    assert Recording.load(path).time_s.size == 11
    assert [file.name for file in tmp_path.iterdir()] == ["replay.npz"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    path.write_bytes(bytes(data))


def another_format(path: Path) -> None:
    np.savez(path, format=np.array(99))


def the_format_before(path: Path) -> None:
    with np.load(path) as file:
        values = {name: file[name] for name in file.files if name != "format"}
    np.savez(path, allow_pickle=False, format=np.array(1), **values)


def a_field_is_missing(path: Path) -> None:
    with np.load(path) as file:
        values = {name: file[name] for name in file.files if name != "com_m"}
    np.savez(path, allow_pickle=False, **values)


@pytest.fixture
def of_format_4(tmp_path: Path) -> Path:
    """A recording as the format before wrote it, of an infant with a rhythm."""
    path = tmp_path / "replay.npz"
    recording(steps=90, stride_hz=1.0).save(path)
    with np.load(path) as file:
        new = {"format", "joint_velocity_rad_s", "mass_kg", "stride_hz"}
        values = {name: file[name] for name in set(file.files) - new}
    np.savez(path, allow_pickle=False, format=np.array(FORMAT - 1), **values)
    return path


def test_a_recording_of_the_format_before_is_read_without_what_it_lacks(of_format_4: Path) -> None:
    """Reports of earlier runs go on showing their replays."""
    seen = Recording.load(of_format_4)
    assert seen.time_s.size == 91
    assert {name for name, one in OUTCOMES.items() if name in CALM and isnan(one.value(seen))} == {
        "muscle_power_w_kg", "fast_movement_share", "fast_step_share",
    }  # fmt: skip


def test_a_damaged_recording_of_the_format_before_is_refused(of_format_4: Path) -> None:
    with np.load(of_format_4) as file:
        values = {name: file[name] for name in file.files if name != "joint_angle_rad"}
    np.savez(of_format_4, allow_pickle=False, **values)
    with pytest.raises(InputError, match="lacks joint_angle_rad"):
        Recording.load(of_format_4)


def text(path: Path) -> None:
    path.write_text("time_s,com_m\n0,1\n")


@pytest.mark.parametrize(
    "spoil", [cut, flip, another_format, the_format_before, a_field_is_missing, text, Path.unlink]
)
def test_a_file_that_is_no_complete_recording_is_refused_by_name(
    tmp_path: Path, spoil: object
) -> None:
    path = tmp_path / "replay.npz"
    recording().save(path)
    assert callable(spoil)
    spoil(path)
    with pytest.raises(InputError, match=r"replay\.npz: .*recording"):
        Recording.load(path)
