"""A synopsis as HTML: old beside new in a table, readable without colours, for screen readers too.

The page stands alone: no scripts, nothing from elsewhere. Everything printed is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from agreements.synopsis import Change, Difference

_FRAGMENT: Final = """\
<p class="legende">Entfallenes: <del>durchgestrichen, in eckigen Klammern</del>. \
Eingefügtes: <ins>unterstrichen, in spitzen Klammern</ins>.</p>
<table class="synopse">
<caption>Gegenüberstellung: {{ old }} und {{ new }}</caption>
<thead><tr><th scope="col">Stelle</th><th scope="col">{{ old }}</th>\
<th scope="col">{{ new }}</th></tr></thead>
<tbody>
{%- for row in rows %}
<tr><th scope="row">{{ row.place }}{% if not row.changed %}<br>\
<span class="art">unverändert</span>{% elif row.old is none %}<br>\
<span class="art">neu</span>{% elif row.new is none %}<br>\
<span class="art">entfällt</span>{% endif %}</th>
<td>{{ cell(row, removed) }}</td>
<td>{{ cell(row, added) }}</td></tr>
{%- else %}
<tr><td colspan="3">Beide Fassungen sind gleich.</td></tr>
{%- endfor %}
</tbody>
</table>
"""
_CELL: Final = """\
{%- for part in parts -%}
{%- if part.change == 'removed' -%}<del>{{ part.text }}</del>
{%- elif part.change == 'added' -%}<ins>{{ part.text }}</ins>
{%- else -%}{{ part.text }}{%- endif -%}
{%- else -%}<span class="art">–</span>{%- endfor -%}"""
_STYLE: Final = """\
body { font: 1rem/1.5 "Liberation Sans", Arial, sans-serif; margin: 2rem auto; max-width: 75rem;
  padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.4rem; }
.synopse { border-collapse: collapse; width: 100%; table-layout: fixed; }
.synopse caption { text-align: left; font-weight: bold; padding: .5rem 0; }
.synopse th, .synopse td { border: 1px solid #767676; padding: .5rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
.synopse td { white-space: pre-line; }
.synopse th:first-child { width: 8.5rem; }
.synopse thead th { background: #eee; }
.art { font-weight: normal; font-style: italic; color: #444; }
del { color: #8a1000; background: #fdecea; text-decoration: line-through; }
del::before { content: "["; } del::after { content: "]"; }
ins { color: #0b4f1c; background: #e6f4e8; text-decoration: underline; }
ins::before { content: "‹"; } ins::after { content: "›"; }
@media print { body { margin: 0; max-width: none; font-size: .8rem; }
  thead { display: table-header-group; } tr { break-inside: avoid; } }"""
_PAGE: Final = """\
<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ heading }}</title>
<style>
{{ style }}
</style>
</head>
<body>
<main>
<h1>{{ heading }}</h1>
<p>{{ about }}</p>
{{ fragment }}</main>
</body>
</html>
"""


def synopsis_page(
    heading: str, about: str, labels: tuple[str, str], rows: Sequence[Difference]
) -> str:
    """A whole page. labels: what the old and the new text are called."""
    # Ours, not the data's: what is printed inside is escaped already.
    fragment = Markup(synopsis_fragment(labels, rows))
    return _template(_PAGE).render(
        heading=heading, about=about, style=Markup(_STYLE), fragment=fragment
    )


def synopsis_fragment(labels: tuple[str, str], rows: Sequence[Difference]) -> str:
    """The table alone, to stand within a page in German; its style is the page's affair."""

    def cell(row: Difference, own: Change) -> Markup:
        parts = [part for part in row.segments if part.change in (Change.KEPT, own)]
        return Markup(_template(_CELL).render(parts=parts))

    return _template(_FRAGMENT).render(
        old=labels[0],
        new=labels[1],
        rows=rows,
        cell=cell,
        removed=Change.REMOVED,
        added=Change.ADDED,
    )


@cache
def _template(source: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(source)
