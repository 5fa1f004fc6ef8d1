"""What a reader opens first: index.html, LIESMICH.txt. No script, no server, no program of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from agreements.dossier.particulars import berlin
from agreements.model.base import Json

if TYPE_CHECKING:
    from agreements.bundles.contents import Listed
    from agreements.bundles.extras import Extra
    from agreements.bundles.gathering import Bundle

_STYLE: Final = """
body { font: 16px/1.5 "Liberation Sans", Arial, sans-serif; color: #1a1a1a; background: #fff;
       max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
table.documents { table-layout: fixed; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border: 1px solid #767676; }
th { background: #f0f0f0; } td.number { text-align: right; }
a { color: #0b3d91; } code { font-size: .85em; overflow-wrap: anywhere; }
.missing { background: #fdecea; }
.problem { border-left: .4rem solid #b3261e; padding: .1rem 1rem; }
.details { color: #444; font-size: .9em; }
"""


_COLUMNS: Final = (
    ("Nr.", 5),
    ("Dokument", 39),
    ("Datum", 12),
    ("Herkunft", 14),
    ("Prüfsumme (SHA-256)", 30),
)


def _page(title: str, body: Iterator[str]) -> bytes:
    content = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{content}\n</body>\n</html>\n"
    ).encode()


def index(bundle: Bundle, listed: Sequence[Listed], more: Sequence[Extra]) -> bytes:
    """The contents as a page with links to the files beside it."""
    return _page(
        f"{bundle.title} {bundle.reference} {bundle.project}", _index(bundle, listed, more)
    )


def _index(bundle: Bundle, listed: Sequence[Listed], more: Sequence[Extra]) -> Iterator[str]:
    yield f"<h1>{escape(bundle.title)}</h1>"
    yield f"<p>{escape(bundle.project)} · Aktenzeichen {escape(bundle.reference)}</p>"
    yield (
        f"<p>Zusammengestellt am {berlin(bundle.made_at)} für {escape(bundle.made_for)}. "
        f"Beteiligte: {escape(', '.join(bundle.parties))}.</p>"
    )
    if problems := [one.problem_in_words for one in listed if one.problem]:
        yield '<div class="problem"><p><strong>Unvollständig:</strong></p><ul>'
        yield from (f"<li>{escape(problem)}</li>" for problem in problems)
        yield "</ul></div>"
    for section in dict.fromkeys(one.entry.section for one in listed):
        yield from _section(section, [one for one in listed if one.entry.section == section])
    for heading in dict.fromkeys(extra.heading for extra in more):
        yield f"<h2>{escape(heading)}</h2>\n<ul>"
        for extra in more:
            if extra.heading == heading:
                name = extra.path.rpartition("/")[2]
                yield f"<li>{_link(extra.path, name)} – {escape(extra.title)}</li>"
        yield "</ul>"
    yield (
        f"<p>{_link('LIESMICH.txt', 'LIESMICH.txt')} sagt, was diese Mappe enthält und wie sie "
        "geprüft wird.</p>"
    )


def _section(title: str, listed: Sequence[Listed]) -> Iterator[str]:
    yield f'<table class="documents">\n<caption>{escape(title)}</caption>\n<thead><tr>'
    for head, width in _COLUMNS:
        yield f'<th scope="col" style="width: {width}%">{head}</th>'
    yield "</tr></thead>\n<tbody>"
    for one in listed:
        yield from _row(one)
    yield "</tbody>\n</table>"


def _row(one: Listed) -> Iterator[str]:
    entry = one.entry
    marked = ' class="missing"' if one.problem else ""
    yield f'<tr{marked}><td class="number">{one.number}</td><td>'
    if one.problem:
        yield f"{escape(entry.title)}<br><strong>FEHLT</strong>: {escape(one.problem)}"
    else:
        yield _link(one.path, entry.title)
        if one.pdf_path:
            yield f" · {_link(one.pdf_path, 'PDF')}"
    details = " · ".join(part for part in (entry.body, entry.version, one.note) if part)
    if details:
        yield f'<br><span class="details">{escape(details)}</span>'
    yield f"</td><td>{entry.dated_on:%d.%m.%Y}</td><td>{escape(entry.source)}</td>"
    yield f"<td><code>{one.digest or '–'}</code></td></tr>"


def _link(path: str, text: str) -> str:
    return f'<a href="{quote(path)}">{escape(text)}</a>'


def resolutions(rows: Sequence[Json]) -> bytes:
    """The resolutions as a page."""
    return _page("Beschlüsse", _resolutions(rows))


def _resolutions(rows: Sequence[Json]) -> Iterator[str]:
    yield '<p><a href="../index.html">Zum Verzeichnis</a></p>\n<h1>Beschlüsse</h1>'
    if not rows:
        yield "<p>Es ist noch kein Beschluss erfasst.</p>"
        return
    yield "<p>– heißt: nicht bekannt.</p>\n<table>\n<thead><tr>"
    for head in ("Datum", "Gremium", "Vorlage", "Ergebnis", "Ja", "Nein", "Enth.", "Hinweise"):
        yield f'<th scope="col">{head}</th>'
    yield "</tr></thead>\n<tbody>"
    for row in rows:
        year, month, day = row["decided_on"].split("-")
        votes = "".join(
            f'<td class="number">{"–" if row[key] is None else row[key]}</td>'
            for key in ("votes_yes", "votes_no", "votes_abstained")
        )
        yield (
            f"<tr><td>{day}.{month}.{year}</td><td>{escape(row['committee'])}<br>"
            f'<span class="details">{escape(row["body"])}, {escape(row["role"])}</span></td>'
            f"<td>{escape(row['paper'])}</td><td>{escape(row['outcome'])}</td>{votes}"
            f"<td>{escape(_remarks(row))}</td></tr>"
        )
    yield "</tbody>\n</table>"


def _remarks(row: Json) -> str:
    parts = [row["wording"], row["remark"]]
    if row["reservation"]:
        parts.append(f"Vorbehalt: {row['reservation']}")
    parts += [f"{record['kind']} ({record['by']}): {record['reason']}" for record in row["records"]]
    if not row["public"]:
        parts.append("nichtöffentlich")
    return " · ".join(part for part in parts if part)


def read_me(bundle: Bundle, listed: Sequence[Listed], without_pdf: str | None) -> bytes:
    """What the bundle is and how it is read and checked."""
    missing = [one.problem_in_words for one in listed if one.problem]
    lines = [
        f"{bundle.title} {bundle.reference}",
        bundle.project,
        "",
        f"Zusammengestellt am {berlin(bundle.made_at)} für {bundle.made_for}.",
        "Enthalten ist, was diese Person im Vorgang lesen darf.",
        "",
        "Lesen: index.html mit einem Browser öffnen (ohne Internet). Die Ordner sind nummeriert.",
        "Inhaltsverzeichnis.docx und, wenn vorhanden, Inhaltsverzeichnis.pdf enthalten dasselbe.",
        "",
        "Prüfen, ob keine Datei verändert ist: in diesem Ordner „sha256sum -c SHA256SUMS“",
        "ausführen (Windows: certutil -hashfile DATEI SHA256 und vergleichen).",
        "manifest.json enthält dieselben Angaben für Programme.",
    ]
    if bundle.extras:
        lines += [
            "",
            "Textfassungen: Die Prüfsumme der .json-Datei ist die Prüfsumme des Textes, die in den",
            "Fußzeilen der Dokumente und in den Beschlüssen steht.",
            "Verlaufsakte: Verlaufsakte.json enthält die verketteten Einträge zum Nachprüfen.",
        ]
    if without_pdf:
        lines += ["", f"PDF-Fassungen fehlen, soweit es sie noch nicht gab. {without_pdf}"]
    lines += ["", "Vollständigkeit: " + ("Es fehlt nichts." if not missing else "Es fehlen:")]
    lines += [f"- {sentence}" for sentence in missing]
    return ("\r\n".join(lines) + "\r\n").encode()
