"""HTML from functions: everything that is not markup is escaped."""

from dmi_sim.report.markup import Html, element, fold, join, paragraph, section, table, unbroken


def test_text_is_escaped_and_markup_is_not() -> None:
    assert element("p", "a < b & c", element("b", "<i>")) == (
        "<p>a &lt; b &amp; c<b>&lt;i&gt;</b></p>"
    )


def test_attributes_are_escaped_and_their_names_made_valid() -> None:
    assert element("a", "x", class_="k", aria_hidden="true", title='"<') == (
        '<a class="k" aria-hidden="true" title="&quot;&lt;">x</a>'
    )


def test_void_elements_are_not_closed() -> None:
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_joining_escapes_each_piece() -> None:
    assert join(["<", Html("<br>")], Html(" ")) == "&lt; <br>"


def test_a_table_names_columns_and_rows() -> None:
    text = table(["A", "B"], [["one", "<2>"]], "What")
    assert '<th scope="col">B</th>' in text
    assert '<th scope="row">one</th><td>&lt;2&gt;</td>' in text
    assert "<caption>What</caption>" in text


def test_parts_of_a_page() -> None:
    assert section("here", "Title", paragraph("x")) == (
        '<section id="here"><h2>Title</h2><p>x</p></section>'
    )
    assert fold("More", "x") == "<details><summary>More</summary>x</details>"


def test_a_table_tears_no_interval_in_two() -> None:
    text = table(["A", "B [95 %]"], [["one", "+0.11 s [\u22120.65, 0.88]"]])
    assert "B [95\u00a0%]" in text
    assert "<td>+0.11\u00a0s [\u22120.65,\u00a00.88]</td>" in text


def test_a_long_row_of_numbers_may_go_on_in_the_next_line() -> None:
    assert unbroken("4.2, 4.7, 3.5 sway") == "4.2, 4.7, 3.5 sway"
