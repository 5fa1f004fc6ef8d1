"""Every example keeps what PDF/A-3 and PDF/UA ask for, and what breaks it is found."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from agreements.documents.pdf import findings
from agreements.documents.registry import TEMPLATES

pytestmark = pytest.mark.office


@pytest.mark.parametrize("template_id", [template.id for template in TEMPLATES])
def test_the_example_is_as_claimed(examples_as_pdf: dict[str, bytes], template_id: str) -> None:
    assert findings(examples_as_pdf[template_id]) == ()


def _without_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def _without_title(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo[Name.Title]


def _with_hidden_title(pdf: pikepdf.Pdf) -> None:
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


def _with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(
        Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    )


def _without_font(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and "/FontFile2" in thing:
            del thing.FontFile2


def _without_profile(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _without_structure(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def _without_mark(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def _without_bookmarks(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Outlines


def _without_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


def _with_loose_text(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"BT /F1 9 Tf (frei) Tj ET")


def _with_hidden_link(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), F=2, Contents=String("x")
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_without_language, "no-language"),
        (_without_title, "no-title"),
        (_with_hidden_title, "title-not-shown"),
        (_with_script, "active-content"),
        (_without_font, "font-not-embedded"),
        (_without_profile, "no-output-intent"),
        (_without_structure, "no-structure"),
        (_without_mark, "not-marked"),
        (_without_bookmarks, "no-bookmarks"),
        (_without_metadata, "no-metadata"),
        (_with_loose_text, "text-not-tagged"),
        (_with_hidden_link, "annotation-hidden"),
    ],
)
def test_what_is_missing_is_found(
    examples_as_pdf: dict[str, bytes], spoil: Callable[[pikepdf.Pdf], None], code: str
) -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(examples_as_pdf["paper"])) as pdf:
        spoil(pdf)
        pdf.save(target)
    assert code in {finding.code for finding in findings(target.getvalue())}


def test_a_locked_or_broken_file_is_found(examples_as_pdf: dict[str, bytes]) -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(examples_as_pdf["paper"])) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert [finding.code for finding in findings(target.getvalue())] == ["encrypted"]
    assert [finding.code for finding in findings(b"no PDF")] == ["unreadable"]
