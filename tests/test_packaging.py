"""What is installed is what was written: no forgotten file, versions that agree."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import dmi_sim
from dmi_sim import paths

CHECKOUT = Path(__file__).parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]

wheel_only = pytest.mark.skipif(
    "DMI_SIM_WHEEL_ONLY" not in os.environ, reason="runs in `make test`, which installs the wheel"
)


@wheel_only
def test_the_wheel_is_tested_and_not_the_checkout() -> None:
    package = Path(dmi_sim.__file__).parent
    assert package.parent.name == "site-packages"
    assert not package.is_relative_to(CHECKOUT / "dmi_sim")
    assert paths.root() == package / "_data"


@wheel_only
@pytest.mark.parametrize("top", ["models", "envs", "experiments"])
def test_every_data_file_is_in_the_wheel(top: str) -> None:
    def files(root: Path) -> set[str]:
        found = (root / top).rglob("*")
        return {path.relative_to(root).as_posix() for path in found if path.is_file()}

    assert files(CHECKOUT)
    assert files(paths.root()) == files(CHECKOUT)


@wheel_only
def test_every_module_and_the_type_marker_are_in_the_wheel() -> None:
    written = {path.relative_to(CHECKOUT) for path in (CHECKOUT / "dmi_sim").rglob("*.py")}
    package = Path(dmi_sim.__file__).parent
    installed = {path.relative_to(package.parent) for path in package.rglob("*.py")}
    assert installed == written
    assert (package / "py.typed").is_file()


@wheel_only
def test_nothing_but_the_package_is_installed() -> None:
    files = metadata.files("dmi-sim") or []
    tops = {file.parts[0] for file in files if file.parts[0] != ".."}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dmi_sim"}


@wheel_only
def test_the_command_is_installed() -> None:
    ran = subprocess.run(
        [Path(sys.executable).parent / "dmi-sim", "list", "--json"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.startswith(b"{")


def test_versions_agree() -> None:
    citation = (CHECKOUT / "CITATION.cff").read_text()
    assert f"\nversion: {PROJECT['version']}\n" in citation
    assert f"## [{PROJECT['version']}]" in (CHECKOUT / "CHANGELOG.md").read_text()


def test_every_dependency_has_an_exact_version_in_the_constraints() -> None:
    lines = (CHECKOUT / "constraints.txt").read_text().splitlines()
    pinned = {canonical(line.split("==")[0]) for line in lines if "==" in line}
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    assert {canonical(one) for one in wanted} <= pinned


@wheel_only
def test_what_is_installed_is_what_the_constraints_say() -> None:
    lines = (CHECKOUT / "constraints.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    installed = {canonical(one.name): one.version for one in metadata.distributions()}
    for name, version in pinned.items():
        here = installed.get(canonical(name), version).partition("+")[0]  # torch says 2.13.0+cpu
        assert here == version, name


def test_conda_gets_the_same_dependencies() -> None:
    lines = (CHECKOUT / "environment.yml").read_text().splitlines()
    conda = {canonical(line.strip(" -")) for line in lines if line.startswith("  - ")}
    renamed = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base"}
    wanted = {canonical(one) for one in PROJECT["dependencies"]}
    assert {renamed.get(name, name) for name in wanted} <= conda


def canonical(requirement: str) -> str:
    """The bare name in a requirement, as package indexes spell it."""
    name = re.split(r"[\s\[<>=!~;]", requirement.strip())[0]
    return re.sub(r"[-_.]+", "-", name).lower()
