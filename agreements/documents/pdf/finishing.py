"""What LibreOffice leaves out or makes anew each time: metadata, language, dates, identifiers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Final

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, String

from agreements.documents.pdf.dates import pin_dates

LANGUAGE: Final = "de-DE"
_CORE: Final = "docProps/core.xml"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_CREATED: Final = "{http://purl.org/dc/terms/}created"
_UNDATED: Final = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF says of itself. made: the day of the document, not that of the conversion.

    tagged and archival: whether it may call itself PDF/UA-1 and PDF/A-3b.
    """

    title: str
    author: str
    subject: str
    made: datetime
    tagged: bool = True
    archival: bool = True


def about(document: bytes) -> About:
    """What a .docx says of itself in its properties."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        source = archive.read(_CORE) if _CORE in archive.namelist() else b"<none/>"
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    core = etree.fromstring(source, parser)
    return About(
        title=(core.findtext(f"{_DC}title") or "Dokument").strip(),
        author=(core.findtext(f"{_DC}creator") or "").strip(),
        subject=(core.findtext(f"{_DC}subject") or "").strip(),
        made=_moment(core.findtext(_CREATED)),
    )


def _moment(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text or "").astimezone(UTC)
    except ValueError:
        return _UNDATED


def finish(pdf: bytes, described: About) -> bytes:
    """The PDF with language, title, dates and identifiers as they have to be."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        describe(document, described)
        pin_dates(document)
        for page in document.pages:
            _make_links_accessible(page)
        return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    """The bytes of a PDF, the same for the same content."""
    target = io.BytesIO()
    document.save(
        target,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return target.getvalue()


def describe(document: pikepdf.Pdf, described: About) -> None:
    """Set what a PDF says of itself, once for old readers and once as XMP; both agree."""
    root = document.Root
    root.Lang = String(LANGUAGE)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    producer = str(document.docinfo.get("/Producer", "LibreOffice"))
    for made_anew in ("/Info", "/ID", "/DocChecksum"):
        if made_anew in document.trailer:
            del document.trailer[made_anew]
    moment = f"D:{described.made:%Y%m%d%H%M%S}Z"
    document.docinfo[Name.Title] = String(described.title)
    document.docinfo[Name.Author] = String(described.author)
    document.docinfo[Name.Subject] = String(described.subject)
    document.docinfo[Name.Creator] = String("vereinbar")
    document.docinfo[Name.Producer] = String(producer)
    document.docinfo[Name.CreationDate] = String(moment)
    document.docinfo[Name.ModDate] = String(moment)
    root.Metadata = document.make_indirect(
        pikepdf.Stream(document, _xmp(described, producer), Type=Name.Metadata, Subtype=Name.XML)
    )


def _make_links_accessible(page: pikepdf.Page) -> None:
    """Links are reached in the order of the text and say where they lead (PDF/UA 7.18)."""
    annotations = page.obj.get("/Annots", Array())
    if len(annotations):
        page.obj.Tabs = Name.S
    for annotation in annotations:
        if annotation.get("/Subtype") == Name.Link and "/Contents" not in annotation:
            target = annotation.get("/A", Dictionary()).get("/URI", "Verweis im Dokument")
            annotation.Contents = String(str(target))


def _xmp(described: About, producer: str) -> bytes:
    """The metadata. PDF/UA's own mark is foreign to PDF/A, which wants it declared."""
    moment = f"{described.made:%Y-%m-%dT%H:%M:%SZ}"
    universal = _UNIVERSAL if described.tagged else ""
    archival = _ARCHIVAL if described.archival else ""
    return _XMP.format(
        title=escape(described.title),
        author=escape(described.author),
        subject=escape(described.subject),
        moment=moment,
        producer=escape(producer),
        language=LANGUAGE,
        archival=archival,
        universal=universal,
    ).encode()


_ARCHIVAL: Final = """\
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>"""

_UNIVERSAL: Final = """
  <rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
   <pdfuaid:part>1</pdfuaid:part>
  </rdf:Description>
  <rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>"""

_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
{archival}{universal}
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt>
   </dc:description>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <xmp:CreatorTool>vereinbar</xmp:CreatorTool>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
