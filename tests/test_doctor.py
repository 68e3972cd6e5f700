"""The doctor: what is fit is called fit, what is not comes with a remedy."""

import platform
import shutil
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from dmi_sim import doctor, paths
from dmi_sim.doctor import CONDA_HINT, Finding, diagnose
from dmi_sim.errors import MachineProblem


def found(name: str, folder: Path = Path()) -> Finding:
    return next(one for one in diagnose(folder) if one.name == name)


def test_a_finding_without_a_remedy_is_well() -> None:
    assert Finding("cores", "2").ok
    assert not Finding("disk", "full", "make room").ok


def test_this_machine_is_fit() -> None:
    ill = [finding for finding in diagnose(Path()) if not finding.ok]
    assert [one for one in ill if one.name != "dmi-sim"] == []  # a checkout is not installed


def test_the_physics_repeats_itself_here() -> None:
    assert found("physics").value.startswith("repeats bit for bit")


def test_another_machine_without_pybullet_is_sent_to_conda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert found("platform").ok  # whoever has PyBullet there needs no advice
    hide(monkeypatch, "pybullet")
    assert found("platform").remedy == CONDA_HINT
    assert found("pybullet").remedy == CONDA_HINT


def test_a_missing_package_comes_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "viser")
    assert found("viser").remedy == "pip install viser"


def test_a_missing_extra_is_no_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "ray")
    assert found("ray") == Finding("ray", "not installed; optional: pip install 'dmi-sim[cluster]'")


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1e6))
    assert found("disk").remedy == "make room for results"


def test_a_folder_that_cannot_be_written_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert "choose another folder" in found("disk").remedy


def test_an_error_during_the_diagnosis_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> Path:
        raise MachineProblem("the installation lacks its data files; reinstall it")

    monkeypatch.setattr(paths, "root", lost)
    assert "reinstall" in found("models, envs, experiments").remedy


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Let one package seem not to be installed."""
    real = metadata.version

    def version(name: str) -> str:
        if name == package:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
