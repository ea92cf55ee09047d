from __future__ import annotations

from html.parser import HTMLParser

import pytest

from fitlq.formatting import format_arguments, format_number, format_pull, format_with_error
from fitlq.report.markup import document, image, items, link, paragraph, preformatted, section, table, text
from fitlq.report.sources import source_links

EVIL = "<script>alert('x')</script>\"&"


class Tags(HTMLParser):
    """All start tags with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: paragraph(EVIL),
        lambda: paragraph("x", EVIL),
        lambda: items([EVIL]),
        lambda: table([EVIL], [[EVIL]]),
        lambda: section(EVIL, paragraph("x")),
        lambda: preformatted(EVIL),
        lambda: image(b"", EVIL),
        lambda: link("https://example.org/" + EVIL, EVIL),
        lambda: link(EVIL, EVIL),
        lambda: source_links({"arxiv": EVIL, "url": EVIL, EVIL: EVIL}),
        lambda: document(EVIL, paragraph(EVIL)),
    ],
)
def test_everything_is_escaped(make):
    tags = [tag for tag, _ in Tags(make()).found]
    assert "script" not in tags


def test_markup_is_not_escaped_twice():
    assert text(text("a & b")) == "a &amp; b"


def test_only_https_becomes_a_link():
    assert link("javascript:alert(1)", "x") == "x"
    assert Tags(link("https://arxiv.org/abs/2311.14647", "x")).found[0][1]["href"] == "https://arxiv.org/abs/2311.14647"


def test_a_page_loads_nothing_from_outside():
    tags = Tags(document("t", image(b"abc", "picture"), link("https://example.org", "x"))).found
    assert {tag for tag, _ in tags}.isdisjoint({"script", "link", "iframe", "object"})
    assert all(attributes["src"].startswith("data:") for tag, attributes in tags if tag == "img")


def test_sources_become_links():
    page = source_links({"arxiv": "2311.14647", "doi": "10.1/x", "hepdata": ["10.17182/a", "10.17182/b"], "flavio": "Belle"})
    targets = [attributes["href"] for tag, attributes in Tags(page).found if tag == "a"]
    assert targets == [
        "https://arxiv.org/abs/2311.14647",
        "https://doi.org/10.1/x",
        "https://doi.org/10.17182/a",
        "https://doi.org/10.17182/b",
    ]


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (0.2580, 0.0151, "0.258 ± 0.015"),
        (4.4412e-6, 0.31e-6, "(4.44 ± 0.31)e-06"),
        (1234.5, 99.6, "1234 ± 100"),
        (0.0, 0.05, "0.000 ± 0.050"),
        (-0.38, 0.55, "-0.38 ± 0.55"),
        (1.16592033e-3, 6.2e-10, "(1.16592033 ± 0.00000062)e-03"),
        (1.5, 0.0, "1.5"),
        (1.5, float("nan"), "1.5"),
        (1.5, None, "1.5"),
        (float("nan"), None, "–"),
    ],
)
def test_numbers_with_errors(value, error, expected):
    assert format_with_error(value, error) == expected


def test_other_numbers():
    assert format_number(None) == "–"
    assert format_number(1.23456e-7) == "1.235e-07"
    assert format_pull(-0.001) == "+0.00"
    assert format_pull(-2.345) == "-2.35"
    assert format_pull(float("nan")) == "–"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "X"),
        ({"q2max": 6.0, "q2min": 1.1}, "X [q2 1.1 … 6]"),
        ({"q2": 2.0}, "X [q2=2]"),
        ({"q2min": 1.0, "q2max": 2.0, "tag": "had"}, "X [q2 1 … 2, tag=had]"),
    ],
)
def test_arguments(arguments, expected):
    assert format_arguments("X", arguments) == expected
