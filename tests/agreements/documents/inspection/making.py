"""Makes Word files part by part, also such as no word processor would write."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
Parts = dict[str, str | bytes]


def paragraph(text: str) -> str:
    """A paragraph with one run."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<w:p><w:r><w:t xml:space="preserve">{escaped}</w:t></w:r></w:p>'


def split(*pieces: str) -> str:
    """A paragraph whose text Word has split over runs."""
    runs = "".join(f'<w:r><w:t xml:space="preserve">{piece}</w:t></w:r>' for piece in pieces)
    return f"<w:p>{runs}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table with one paragraph a cell."""
    columns = "".join("<w:gridCol/>" for _ in rows[0])
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>"


def text_box(text: str) -> str:
    """A paragraph with a text box, as older versions of Word write it."""
    return (
        "<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{paragraph(text)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


def field(code: str) -> str:
    """A paragraph with a complex field."""
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def root(name: str, inner: str) -> str:
    """A part of WordprocessingML."""
    return f"{HEAD}<w:{name} {_NAMES}>{inner}</w:{name}>"


def relations(*entries: tuple[str, str, str, bool]) -> str:
    """A .rels part: id, kind, target, external."""
    lines = "".join(
        f'<Relationship Id="{id_}" Type="{kind if ":" in kind else f"{R}/{kind}"}" '
        f'Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if external else ""}/>'
        for id_, kind, target, external in entries
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def types(*extra: tuple[str, str]) -> str:
    """The content types: of the document, and of further parts."""
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>'
        for part, kind in (("word/document.xml", f"{_TYPE}.document.main+xml"), *extra)
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )


def parts(*body: str, **further: str) -> Parts:
    """The parts of a plain document; ``further``: header, footer, footnotes … by their content."""
    kinds = {name: f"{_TYPE}.{name}+xml" for name in further}
    made: Parts = {
        "[Content_Types].xml": types(*((f"word/{n}1.xml", kind) for n, kind in kinds.items())),
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml", False)),
        "word/_rels/document.xml.rels": relations(
            *((f"rId{name}", name, f"{name}1.xml", False) for name in further)
        ),
    }
    references = ""
    for name, inner in further.items():
        tag = {"header": "hdr", "footer": "ftr"}.get(name, name)
        made[f"word/{name}1.xml"] = root(tag, inner)
        if name in ("header", "footer"):
            references += f'<w:{name}Reference w:type="default" r:id="rId{name}"/>'
    made["word/document.xml"] = root(
        "document", f"<w:body>{''.join(body)}<w:sectPr>{references}</w:sectPr></w:body>"
    )
    return made


def packed(made: Mapping[str, str | bytes]) -> bytes:
    """The parts as a file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return target.getvalue()


def document(*body: str, **further: str) -> bytes:
    """A plain document as a file."""
    return packed(parts(*body, **further))


def changed(template: bytes, entry: str, old: str, new: str) -> bytes:
    """A file in which one text of a part was replaced."""
    with zipfile.ZipFile(io.BytesIO(template)) as source:
        made = {name: source.read(name) for name in source.namelist()}
    assert old.encode() in made[entry]
    made[entry] = made[entry].replace(old.encode(), new.encode(), 1)
    return packed(made)


def lying(made: Mapping[str, str | bytes], name: str, content: bytes, declared: int) -> bytes:
    """A file in which an entry says that it is smaller than it is, everywhere."""
    whole = bytearray(packed({**made, name: content}))
    real = struct.pack("<L", len(content))
    crc = struct.pack("<L", zlib.crc32(content))
    at = whole.find(crc)
    while at >= 0:
        size_at = at + 8
        if whole[size_at : size_at + 4] == real:
            whole[size_at : size_at + 4] = struct.pack("<L", declared)
        at = whole.find(crc, at + 1)
    return bytes(whole)
