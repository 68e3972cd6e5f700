"""The head of a page that needs no network: its title and the style of all reports."""

from importlib import resources

from dmi_sim.report.markup import Html, element


def head(title: str) -> Html:
    """The head of a page.

    Args:
        title: Title of the page.
    """
    style = resources.files("dmi_sim.report").joinpath("report.css").read_text(encoding="utf-8")
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Html(style)),
    )
