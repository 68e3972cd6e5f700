"""Atomic writes: a file is complete or not there at all."""

from pathlib import Path

import pytest

from dmi_sim.files import atomic_write, write_bytes


def test_a_file_and_its_folder_appear(tmp_path: Path) -> None:
    write_bytes(tmp_path / "new/data.bin", b"abc")
    assert (tmp_path / "new/data.bin").read_bytes() == b"abc"


def killed_while_writing(path: Path) -> None:
    with atomic_write(path) as temporary:
        temporary.write_bytes(b"half of the n")
        raise KeyboardInterrupt


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    write_bytes(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        killed_while_writing(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_seen_under_the_name_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    with atomic_write(path) as temporary:
        temporary.write_bytes(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
