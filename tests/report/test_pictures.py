"""Every picture of a report lies beside it as SVG and PDF, made again with the same bytes."""

from pathlib import Path
from xml.etree import ElementTree

from dmi_sim.catalog import Catalog
from dmi_sim.report.context import report_context
from dmi_sim.report.html import write_report
from dmi_sim.report.pictures import FILE_ENDINGS, all_pictures
from dmi_sim.report.tables import RunTables
from dmi_sim.study.store import read_manifest
from dmi_sim.study.verify import verify

CATALOG = Catalog.shipped()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "figures").iterdir())}


def test_a_report_writes_each_of_its_pictures_in_each_format(folder: Path, run: RunTables) -> None:
    write_report(folder)
    names = [picture.name for picture in all_pictures(report_context(run, CATALOG))]
    assert len(names) == len(set(names)) == 5
    assert files(folder).keys() == {f"{name}.{end}" for name in names for end in FILE_ENDINGS}


def test_the_same_numbers_give_the_same_files_and_the_manifest_vouches_for_them(
    folder: Path,
) -> None:
    write_report(folder)
    before = files(folder)
    write_report(folder)
    assert files(folder) == before
    listed = read_manifest(folder).files
    assert all(f"figures/{name}" in listed for name in before)
    assert verify(folder).problems == ()


def test_a_figure_file_stands_alone_on_white(folder: Path) -> None:
    write_report(folder)
    for path in (folder / "figures").glob("*.svg"):
        root = ElementTree.fromstring(path.read_bytes())
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "currentColor" not in path.read_text()
