"""The table of how often intervals hold the truth, in a short form, against what the page says."""

import runpy
from pathlib import Path

import pytest
from scipy import stats

ROOT = Path(__file__).parents[1]
SCRIPT = runpy.run_path(str(ROOT / "benchmarks/interval_coverage.py"))
PAGE = (ROOT / "docs/concepts/studies.md").read_text(encoding="utf-8")
STUDIES = 300


def row_of(kind: str, infants: int) -> list[str]:
    """Shares of a row of the page."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[:2] == [kind, str(infants)]:
            return cells[2:]
    raise AssertionError(f"no row for {kind}, {infants}")


@pytest.mark.parametrize("kind", SCRIPT["KINDS"])
@pytest.mark.parametrize("infants", SCRIPT["INFANTS"])
def test_the_page_says_what_the_script_counts(kind: str, infants: int) -> None:
    counted = SCRIPT["coverage"](SCRIPT["KINDS"][kind], infants, STUDIES)
    for said, share in zip(row_of(kind, infants), counted.values(), strict=True):
        if said == "\u2013":
            assert share != share  # no interval, so no share
            continue
        expected = float(said.removesuffix(" %")) / 100
        low, high = stats.binom.ppf([0.0005, 0.9995], STUDIES, [expected - 0.01, expected + 0.01])
        assert low <= share * STUDIES <= high


def test_the_script_prints_a_row_for_every_kind_and_number_of_infants() -> None:
    rows = list(SCRIPT["rows"](10))
    assert len(rows) == len(SCRIPT["KINDS"]) * len(SCRIPT["INFANTS"])
    assert SCRIPT["table"](10).text.count("\n") == len(rows) + 1
