"""A bundle as one PDF: in order, with links, bookmarks and tags that go on to work."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from agreements.bundles import BundleKind, Maker, NothingToBundle, bundle_files, one_pdf
from agreements.documents.pdf import Converter, PdfNotAvailable, findings
from agreements.dossier.pdfs import PDF, Wanted
from agreements.extracts import UPLOAD
from agreements.ids import new_id
from tests.agreements.bundles.conftest import whole
from tests.agreements.documents.pdf.office import need_office
from tests.story import Story


@pytest.fixture(scope="module")
def application(told: Story, maker: Maker) -> bytes:
    """The application bundle of the story."""
    need_office()
    return one_pdf(whole(told, BundleKind.APPLICATION), maker)


def _pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def _pages_of(element: pikepdf.Object) -> set[tuple[int, int]]:
    kids = element.get("/K", pikepdf.Array())
    marks = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/Pg" in kid]
    return {holder.Pg.objgen for holder in (element, *marks) if "/Pg" in holder}


@pytest.mark.office
def test_the_documents_follow_in_the_order_of_the_programme(application: bytes) -> None:
    pages = _pages(application)
    assert pages[0].startswith("Antragsmappe")
    with pikepdf.open(io.BytesIO(application)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert [child.title for child in outline.root[-1].children][:2] == [
            "Präambel",
            "§ 1 Gegenstand und Rechtsform",
        ]
    assert titles == [
        "Antragsmappe",
        "Anschreiben zum Förderantrag",
        "Förderantrag",
        "Kosten- und Finanzierungsplan",
        "Beschlussmatrix der Grundsatzbeschlüsse",
        "Beschlussmatrix zur Vereinbarung",
        "Festgeschriebene Vereinbarung",
    ]


@pytest.mark.office
def test_every_line_of_the_contents_leads_to_its_page(application: bytes) -> None:
    pages = _pages(application)
    with pikepdf.open(io.BytesIO(application)) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        links = pdf.pages[0].obj.Annots
        targets = sorted(numbers[link.Dest[0].objgen] for link in links)
    assert len(targets) == 6
    for target, words in zip(
        targets,
        ("Sehr geehrte", "Antrag auf Gewährung", "Kosten- und Finanzierungsplan", "Beschlussmatrix",
         "Beschlussmatrix", "zwischen"),
        strict=True,
    ):  # fmt: skip
        assert words in pages[target]
        assert str(target + 1) in pages[0]


@pytest.mark.office
def test_what_holds_for_every_part_holds_for_the_whole(application: bytes) -> None:
    assert findings(application) == ()
    with pikepdf.open(io.BytesIO(application)) as pdf:
        parts = list(pdf.Root.StructTreeRoot.K.K)
        assert [str(part.S) for part in parts] == ["/Part"] * 7
        keys = [int(page.obj.StructParents) for page in pdf.pages]
        assert len(set(keys)) == len(keys)
        tree = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(tree[i]): tree[i + 1] for i in range(0, len(tree), 2)}
        for page in pdf.pages:
            # Each page's marks belong to elements that stand, at least in part, on this page.
            for element in parents[int(page.obj.StructParents)]:
                assert page.obj.objgen in _pages_of(element)
    assert "PDF/A-3b und PDF/UA-1" in " ".join(_pages(application)[0].split())


@pytest.mark.office
def test_an_upload_that_is_no_archive_file_takes_the_claim_away(told: Story, maker: Maker) -> None:
    need_office()
    scan = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(scan)
    bundle = whole(told, BundleKind.APPLICATION)
    digest = told.store.put(scan.getvalue())
    upload = replace(
        bundle.entries[1],
        wanted=Wanted(new_id(), "Auszug Müller & Söhne.pdf", PDF, UPLOAD, digest, None),
        title="Auszug aus der Niederschrift",
    )
    bundle = replace(bundle, entries=(bundle.entries[0], upload))
    content = one_pdf(bundle, maker)
    assert "not-archival" in {finding.code for finding in findings(content)}
    assert "nicht PDF/A" in " ".join(_pages(content)[0].split())
    assert "Nr. 2" in " ".join(_pages(content)[0].split())
    # In the archive an uploaded PDF lies once, as it is.
    paths = [file.path for file in bundle_files(bundle, maker)]
    assert [path for path in paths if "Auszug" in path] == [
        "02 Förderantrag/02 Auszug Müller & Söhne.pdf"
    ]


@pytest.mark.office
def test_what_cannot_be_read_is_named_on_the_first_page(
    told: Story, maker: Maker, tmp_path: Path
) -> None:
    need_office()
    bundle = whole(told, BundleKind.APPLICATION)
    lost = replace(
        bundle.entries[0], wanted=replace(bundle.entries[0].wanted, content_hash="0" * 64)
    )
    broken = replace(
        bundle.entries[1],
        wanted=Wanted(new_id(), "kaputt.pdf", PDF, UPLOAD, told.store.put(b"%PDF-no"), None),
        title="Scan",
    )
    content = one_pdf(replace(bundle, entries=(lost, broken, bundle.entries[2])), maker)
    first = " ".join(_pages(content)[0].split())
    assert "Nr. 1 „Anschreiben zum Förderantrag“ liegt nicht in der Dokumentenablage" in first
    assert "Nr. 2 „Scan“ fehlt hier: Die PDF-Datei ist beschädigt" in first
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Antragsmappe",
            "Kosten- und Finanzierungsplan",
        ]


def test_without_libreoffice_there_is_no_gesamtdatei(
    told: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PdfNotAvailable):
        one_pdf(whole(told, BundleKind.SIGNING), Maker(told.sessions, told.store, Converter(1)))


def test_an_empty_bundle_is_refused(told: Story, maker: Maker) -> None:
    with pytest.raises(NothingToBundle) as refused:
        one_pdf(replace(whole(told, BundleKind.SIGNING), entries=()), maker)
    assert refused.value.code == "nothing-to-bundle"
