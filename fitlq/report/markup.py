"""HTML built from escaped text: nothing a user, a file or a paper supplies reaches the page as markup."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

__all__ = ["Html", "document", "image", "items", "link", "paragraph", "preformatted", "section", "table", "text"]

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1b1b; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; margin: .8rem 0; }
th, td { padding: .25rem .7rem; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid #888; font-weight: 600; } td { border-bottom: 1px solid #e4e4e4; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
img { max-width: 100%; height: auto; } pre { background: #f5f5f5; padding: .7rem; overflow-x: auto; }
.wide { overflow-x: auto; }
.note { color: #555; } .warning { background: #fff4d6; padding: .5rem .8rem; }
"""
_SAFE_IN_ADDRESS = ":/?&=#%+.,;-_~()"


class Html(str):
    """Text that is already markup."""

    __slots__ = ()


def text(content: object) -> Html:
    """`content` escaped, unless it is markup already."""
    return content if isinstance(content, Html) else Html(escape(str(content), quote=True))


def paragraph(content: object, css: str = "") -> Html:
    """A paragraph, optionally of a class of the style sheet."""
    chosen = f' class="{escape(css)}"' if css else ""
    return Html(f"<p{chosen}>{text(content)}</p>")


def section(title: str, *parts: Html) -> Html:
    """A heading and what belongs under it."""
    return Html(f"<section><h2>{text(title)}</h2>\n" + "\n".join(parts) + "</section>")


def preformatted(content: str) -> Html:
    """Text in fixed pitch, as it is."""
    return Html(f"<pre>{text(content)}</pre>")


def items(contents: Iterable[object]) -> Html:
    """A list with bullets."""
    return Html("<ul>" + "".join(f"<li>{text(content)}</li>" for content in contents) + "</ul>")


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[int] = ()) -> Html:
    """A table; `numbers` lists the columns aligned to the right."""
    head = "".join(f"<th>{text(header)}</th>" for header in headers)
    body = "\n".join("<tr>" + "".join(_cell(cell, k in numbers) for k, cell in enumerate(row)) + "</tr>" for row in rows)
    return Html(f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>')


def _cell(content: object, number: bool) -> str:
    opening = '<td class="number">' if number else "<td>"
    return f"{opening}{text(content)}</td>"


def link(target: str, label: str) -> Html:
    """A link to an https page; any other address is shown as plain text."""
    if not target.startswith("https://"):
        return text(label)
    address = escape(quote(target, safe=_SAFE_IN_ADDRESS), quote=True)
    return Html(f'<a href="{address}">{text(label)}</a>')


def image(png: bytes, description: str) -> Html:
    """A PNG picture inside the page."""
    data = base64.b64encode(png).decode("ascii")
    return Html(f'<img alt="{escape(description, quote=True)}" src="data:image/png;base64,{data}">')


def document(title: str, *parts: Html) -> str:
    """The whole page; it loads nothing from outside."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{text(title)}</title><style>{_STYLE}</style></head>\n<body>\n<h1>{text(title)}</h1>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
