"""The hostile set: files that must be refused, each with the code of its refusal."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from tests.agreements.documents.inspection.making import (
    HEAD,
    PNG,
    Parts,
    W,
    document,
    field,
    lying,
    packed,
    paragraph,
    parts,
    relations,
    root,
    split,
    table,
    text_box,
    types,
)

_PLAIN = paragraph("Guten Tag {{ name }}")
_MAIN = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _with(**replaced: str | bytes) -> Parts:
    """A plain document with further parts; ``__`` stands for a slash, ``_dot_`` for a dot."""
    made = parts(_PLAIN)
    for key, content in replaced.items():
        made[key.replace("__", "/").replace("_dot_", ".")] = content
    return made


def _related(kind: str, target: str, external: bool = True) -> bytes:
    made = parts(_PLAIN)
    made["word/_rels/document.xml.rels"] = relations(("rId9", kind, target, external))
    return packed(made)


def _settings(inner: str, *rels: tuple[str, str, str, bool]) -> bytes:
    made = parts(_PLAIN)
    made["word/settings.xml"] = root("settings", inner)
    made["word/_rels/document.xml.rels"] = relations(("rId1", "settings", "settings.xml", False))
    if rels:
        made["word/_rels/settings.xml.rels"] = relations(*rels)
    return packed(made)


def _main_type(kind: str) -> bytes:
    made = parts(_PLAIN)
    made["[Content_Types].xml"] = types().replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", kind
    )
    return packed(made)


def _xml(content: str | bytes) -> bytes:
    made = parts(_PLAIN)
    made[_MAIN] = content
    return packed(made)


def _named(name: str) -> bytes:
    return packed({**parts(_PLAIN), name: b"x"})


def _twice() -> bytes:
    whole = packed({**parts(_PLAIN), "word/dokument.xml": root("document", "")})
    return whole.replace(b"word/dokument.xml", b"word/document.xml")


def _encrypted_entry() -> bytes:
    whole = bytearray(document(_PLAIN))
    at = whole.find(b"PK\x01\x02")
    whole[at + 8] |= 1
    return bytes(whole)


def _overlapping() -> bytes:
    """Two entries of the directory that point to one and the same data."""
    whole = bytearray(packed({**parts(_PLAIN), "word/a.xml": HEAD + "<a/>"}))
    end = whole.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", whole, end + 10)
    directory = whole[start : start + size]
    first = directory.find(b"word/a.xml") - 46
    copy = bytearray(directory[first:])
    copy[46:56] = b"word/b.xml"
    whole[start + size : start + size] = copy
    struct.pack_into("<HHL", whole, end + len(copy) + 8, count + 1, count + 1, size + len(copy))
    return bytes(whole)


def _many_entries() -> bytes:
    return packed({**parts(_PLAIN), **{f"word/media/{n}.png": PNG for n in range(3000)}})


def _lzma() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as package:
        for name, content in parts(_PLAIN).items():
            package.writestr(name, content)
    return target.getvalue()


def _large_in_all() -> bytes:
    # 7 × 10 MB of noise that packs a little: neither an entry nor a ratio is conspicuous.
    noise = (
        b"\x89PNG\r\n\x1a\n"
        + bytes(range(256)) * 20
        + b"".join((n * 2654435761 % 2**32).to_bytes(4, "big") * 8 for n in range(300_000))
    )
    return packed({**parts(_PLAIN), **{f"word/media/{n}.png": noise for n in range(7)}})


def _laughs() -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return f'{HEAD}<!DOCTYPE w [{entities}]><w:document xmlns:w="{W}">&a9;</w:document>'


def _xxe(system: str) -> str:
    return (
        f'{HEAD}<!DOCTYPE w [<!ENTITY x SYSTEM "{system}">]><w:document xmlns:w="{W}"><w:body>'
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )


def _run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def _dde_in_pieces() -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText>DD</w:instrText></w:r>"
        "<w:r><w:instrText>EAUTO c:\\\\x</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def _quoted_field() -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar '
        'w:fldCharType="begin"/></w:r><w:r><w:instrText>SET x 68 68 69</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:instrText> "cmd"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


Made = Callable[[], bytes]
_VBA = "application/vnd.ms-office.vbaProject"
_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"

PACKAGES: dict[str, tuple[str, Made]] = {
    "an empty file": ("file-empty", lambda: b""),
    "a text": ("not-a-docx", lambda: b"Sehr geehrte Damen und Herren"),
    "a PDF": ("not-a-docx", lambda: b"%PDF-1.7\n" + b"x" * 500),
    "an RTF": ("not-a-docx", lambda: b"{\\rtf1\\ansi Hallo}"),
    "an HTML page": ("not-a-docx", lambda: b"<!DOCTYPE html><html><script>1</script></html>"),
    "a flat XML": ("not-a-docx", lambda: b"<?xml version='1.0'?><w:wordDocument/>"),
    "an old .doc": ("not-a-docx", lambda: _OLE),
    "a program": ("not-a-docx", lambda: b"MZ" + b"\0" * 200),
    "a password": ("encrypted", lambda: _OLE + "EncryptedPackage".encode("utf-16-le")),
    "an encrypted entry": ("encrypted", _encrypted_entry),
    "half a file": ("zip-broken", lambda: document(_PLAIN)[:-60]),
    "a program before the archive": ("not-a-docx", lambda: b"MZ" + document(_PLAIN)),
    "something after the archive": ("zip-broken", lambda: document(_PLAIN) + b"<html>" * 9),
    "any ZIP": ("package-incomplete", lambda: packed({"liesmich.xml": "<a/>"})),
    "an OpenDocument": (
        "wrong-document-type",
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
    ),
    "a workbook": (
        "wrong-document-type",
        lambda: _main_type("application/vnd.openxmlformats-officedocument.presentationml.x+xml"),
    ),
    "a .dotx": (
        "wrong-document-type",
        lambda: _main_type(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
        ),
    ),
    "a .docm": ("macros", lambda: _main_type(_MACRO)),
    "a .dotm": (
        "macros",
        lambda: _main_type("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
    ),
    "strict OOXML": (
        "wrong-document-type",
        lambda: _xml(
            root("document", "<w:body/>").replace(
                W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
            )
        ),
    ),
    "no document": (
        "relationship-missing",
        lambda: packed({k: v for k, v in parts(_PLAIN).items() if k != _MAIN}),
    ),
    "no relationships": (
        "package-incomplete",
        lambda: packed({k: v for k, v in parts(_PLAIN).items() if k != "_rels/.rels"}),
    ),
    "no body": ("package-incomplete", lambda: _xml(root("document", ""))),
    "a zip bomb": ("zip-ratio", lambda: _named_with("word/media/a.png", b"\0" * 19_000_000)),
    "a very large entry": (
        "zip-entry-too-large",
        lambda: _named_with("word/a.png", b"\0" * 30_000_000),
    ),
    "large in all": ("zip-too-large", _large_in_all),
    "an entry that lies about its size": (
        "zip-lies",
        lambda: lying(parts(_PLAIN), "word/a.xml", b"<a>" + b" " * 40_000_000 + b"</a>", 7),
    ),
    "too many entries": ("zip-too-many-entries", _many_entries),
    "an unusual method": ("zip-method", _lzma),
    "overlapping entries": ("zip-overlap", _overlapping),
    "an entry twice": ("zip-duplicate-entry", _twice),
    "an entry twice in other case": ("zip-duplicate-entry", lambda: _named("WORD/Document.xml")),
    "a path upwards": ("path-trick", lambda: _named("../../etc/cron.d/x")),
    "an absolute path": ("path-trick", lambda: _named("/etc/passwd")),
    "a backslash": ("path-trick", lambda: _named("word\\..\\x.xml")),
    "a drive letter": ("path-trick", lambda: _named("C:/x.xml")),
    "a NUL in a name": (
        "path-trick",
        lambda: packed(parts(_PLAIN) | {"word/aXb.xml": "<a/>"}).replace(
            b"word/aXb.xml", b"word/a\0b.xml"
        ),
    ),
    "a VBA project": ("macros", lambda: packed(_with(word__vbaProject_dot_bin=_OLE))),
    "a hidden VBA project": (
        "macros",
        lambda: packed(
            parts(_PLAIN) | {"[Content_Types].xml": types(("word/x.bin", _VBA)), "word/x.bin": _OLE}
        ),
    ),
    "VBA data": ("macros", lambda: packed(_with(word__vbaData_dot_xml="<a/>"))),
    "ActiveX": ("active-content", lambda: packed(_with(word__activeX__activeX1_dot_xml="<a/>"))),
    "an ActiveX control": ("active-content", lambda: document(_run('<w:control r:id=""/>'))),
    "an OLE object": (
        "embedded-object",
        lambda: packed(_with(word__embeddings__oleObject1_dot_bin=_OLE)),
    ),
    "an embedded workbook": (
        "embedded-object",
        lambda: packed(_with(word__embeddings__a_dot_xlsx=b"PK")),
    ),
    "an object in the text": (
        "embedded-object",
        lambda: document(_run('<w:object><o:OLEObject Type="Link" ProgID="Package"/></w:object>')),
    ),
    "an altChunk": (
        "embedded-object",
        lambda: _related("aFChunk", "chunk.htm", external=False),
    ),
    "a program called an image": (
        "foreign-file",
        lambda: _named_with("word/media/a.png", b"MZ" * 99),
    ),
    "an unknown ingredient": ("foreign-file", lambda: _named_with("word/a.exe", b"MZ" * 99)),
    "an endless image": (
        "image-too-large",
        lambda: _named_with("word/media/a.png", PNG[:16] + struct.pack(">II", 60_000, 60_000)),
    ),
    "a signed package": (
        "signed-package",
        lambda: packed(_with(_xmlsignatures__sig1_dot_xml="<a/>")),
    ),
    "a remote template": (
        "external-relationship",
        lambda: _settings(
            '<w:attachedTemplate r:id="rId1"/>',
            ("rId1", "attachedTemplate", "https://example.com/evil.dotm", True),
        ),
    ),
    "a template on a share": (
        "external-relationship",
        lambda: _settings("", ("rId1", "attachedTemplate", "\\\\server\\x.dotx", True)),
    ),
    "a remote image": (
        "external-relationship",
        lambda: _related("image", "https://example.com/a.png"),
    ),
    "a file link": ("external-relationship", lambda: _related("hyperlink", "file:///etc/passwd")),
    "an unencrypted link": (
        "external-relationship",
        lambda: _related("hyperlink", "http://example.com"),
    ),
    "a link to a share": ("external-relationship", lambda: _related("hyperlink", "\\\\server\\c$")),
    "a script link": (
        "external-relationship",
        lambda: _related("hyperlink", "javascript:alert(1)"),
    ),
    "an external link said to be internal": (
        "external-relationship",
        lambda: _related("image", "https://example.com/a.png", external=False),
    ),
    "a subdocument": ("external-relationship", lambda: _related("subDocument", "kapitel.docx")),
    "a frame": ("external-relationship", lambda: _related("frame", "https://example.com/")),
    "a linked object": ("embedded-object", lambda: _related("oleObject", "file:///c:/x.xlsx")),
    "a remote VML image": (
        "external-relationship",
        lambda: document(
            _run(
                '<w:pict><v:shape><v:imagedata src="https://example.com/a.png"/></v:shape></w:pict>'
            )
        ),
    ),
    "a drawing with a script": (
        "active-content",
        lambda: _named_with(
            "word/media/a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
        ),
    ),
    "a drawing that acts": (
        "active-content",
        lambda: _named_with("word/media/a.svg", '<svg onload="alert(1)"/>'),
    ),
    "a drawing that loads": (
        "external-relationship",
        lambda: _named_with("word/media/a.svg", '<svg><image href="https://example.com"/></svg>'),
    ),
    "a mail merge source": (
        "external-data",
        lambda: _settings('<w:mailMerge><w:connectString w:val="DSN=x"/></w:mailMerge>'),
    ),
    "a relationship to nowhere": (
        "relationship-missing",
        lambda: _related("image", "media/weg.png", external=False),
    ),
    "a relationship out of the package": (
        "relationship-missing",
        lambda: _related("image", "../../../../etc/passwd", external=False),
    ),
    "a reference to no relationship": (
        "relationship-missing",
        lambda: document(_run('<w:drawing><a:blip r:embed="rId77"/></w:drawing>')),
    ),
    "INCLUDETEXT": ("field-code", lambda: document(field(' INCLUDETEXT "c:\\\\x.docx" '))),
    "INCLUDEPICTURE": (
        "field-code",
        lambda: document(field('INCLUDEPICTURE "https://example.com/a"')),
    ),
    "DDE": ("field-code", lambda: document(field('DDE excel "x"'))),
    "DDEAUTO in two runs": ("field-code", lambda: document(_dde_in_pieces())),
    "a field built from a field": ("field-code", lambda: document(_quoted_field())),
    "LINK": ("field-code", lambda: document(field("LINK Excel.Sheet.8 c:\\\\a.xls"))),
    "DATABASE in the header": (
        "field-code",
        lambda: document(_PLAIN, header=field('DATABASE \\d "x"')),
    ),
    "MACROBUTTON": (
        "field-code",
        lambda: document('<w:p><w:fldSimple w:instr="MACROBUTTON x y"/></w:p>'),
    ),
    "HYPERLINK to a file": ("field-code", lambda: document(field('HYPERLINK "file:///c:/x"'))),
    "a billion laughs": ("xml-doctype", lambda: _xml(_laughs())),
    "an external entity": ("xml-doctype", lambda: _xml(_xxe("file:///etc/passwd"))),
    "a remote entity": ("xml-doctype", lambda: _xml(_xxe("http://127.0.0.1:1/x"))),
    "an entity in UTF-16": (
        "xml-doctype",
        lambda: _xml(_laughs().replace("UTF-8", "UTF-16").encode("utf-16")),
    ),
    "an entity in the relationships": (
        "xml-doctype",
        lambda: packed({**parts(_PLAIN), "word/_rels/document.xml.rels": _laughs()}),
    ),
    "broken XML": ("xml-broken", lambda: _xml(root("document", "<w:body><w:p></w:body>"))),
    "no UTF-8": ("xml-broken", lambda: _xml(HEAD.encode() + b"<a>\xff\xfe\xff</a>")),
    "an unusual encoding": (
        "xml-encoding",
        lambda: _xml(HEAD.replace("UTF-8", "iso-8859-1") + "<a/>"),
    ),
    "endless depth": (
        "xml-bomb",
        lambda: _xml(root("document", "<w:p>" * 20_000 + "</w:p>" * 20_000)),
    ),
    "endless elements": (
        "xml-bomb",
        lambda: _xml(
            root(
                "document",
                "<w:body>"
                + "".join(f"<a b='{n & 1048575:x}'/>" for n in range(150_000))
                + "</w:body>",
            )
        ),
    ),
    "endless attributes": (
        "xml-bomb",
        lambda: _xml(
            root(
                "document",
                f"<w:body {' '.join(f'a{n}={chr(39)}{n}{chr(39)}' for n in range(60_000))}/>",
            )
        ),
    ),
}


def _named_with(name: str, content: str | bytes) -> bytes:
    return packed({**parts(_PLAIN), name: content})


def _tag(text: str) -> Made:
    return lambda: document(paragraph(text))


def _note(kind: str, inner: str) -> str:
    return f"<w:{kind} w:id='2' w:author='A'>{inner}</w:{kind}>"


_CHANGE = '<w:{0} w:id="1" w:author="A"><w:r><w:{1}>{{{{ name }}}}</w:{1}></w:r></w:{0}>'

TEMPLATES: dict[str, tuple[str, Made]] = {
    "an insertion": (
        "tracked-changes",
        lambda: document(f"<w:p>{_CHANGE.format('ins', 't')}</w:p>"),
    ),
    "a deletion": (
        "tracked-changes",
        lambda: document(f"<w:p>{_CHANGE.format('del', 'delText')}</w:p>"),
    ),
    "a move in a footnote": (
        "tracked-changes",
        lambda: document(
            _PLAIN,
            footnotes=_note("footnote", f"<w:p>{_CHANGE.format('moveFrom', 't')}</w:p>"),
        ),
    ),
    "a changed format in the header": (
        "tracked-changes",
        lambda: document(
            _PLAIN,
            header='<w:p><w:r><w:rPr><w:rPrChange w:id="1" w:author="A"/></w:rPr></w:r></w:p>',
        ),
    ),
    "the class of a text": ("unsafe-access", _tag("{{ ''.__class__.__mro__ }}")),
    "a class through a filter": ("filter-forbidden", _tag("{{ ''|attr('__class__') }}")),
    "a class through an item": ("unsafe-access", _tag("{{ name['__class__'] }}")),
    "a computed item": ("unsafe-access", _tag("{{ name['__cla' ~ 'ss__'] }}")),
    "a class through map": ("unsafe-access", _tag("{{ names|map(attribute='__class__')|list }}")),
    "a class split over runs": (
        "unsafe-access",
        lambda: document(split("{{ ''.__cl", "ass__.", "mro }}")),
    ),
    "a way out over lipsum": (
        "unsafe-access",
        _tag("{{ lipsum.__globals__['os'].popen('id').read() }}"),
    ),
    "a way out over cycler": ("unsafe-access", _tag("{{ cycler.__init__.__globals__ }}")),
    "the template itself": ("unsafe-access", _tag("{{ self._TemplateReference__context }}")),
    "str.format": ("unsafe-access", _tag("{{ '{0.__class__}'.format(name) }}")),
    "a class through a mapped filter": (
        "filter-forbidden",
        _tag("{{ names|map('attr', '__class__')|list }}"),
    ),
    "an import": ("statement-forbidden", _tag("{% import 'os' as os %}")),
    "an include": ("statement-forbidden", _tag("{% include '/etc/passwd' %}")),
    "an inheritance": ("statement-forbidden", _tag("{% extends 'x' %}")),
    "a macro that calls itself": (
        "statement-forbidden",
        _tag("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    ),
    "a recursive loop": (
        "loop-too-deep",
        _tag("{% for a in names recursive %}{{ loop(names) }}{% endfor %}"),
    ),
    "an endless range": ("too-expensive", _tag("{% for a in range(10**9) %}x{% endfor %}")),
    "a large range": ("too-expensive", _tag("{% for a in range(1000000000) %}x{% endfor %}")),
    "an endless text": ("too-expensive", _tag("{{ 'x' * 10**9 }}")),
    "a long text": ("too-expensive", _tag("{{ 'x' * 1000000000 }}")),
    "a wide printf": ("too-expensive", _tag("{{ '%1000000000d' % 1 }}")),
    "a power": ("too-expensive", _tag("{{ 9 ** 9 ** 9 }}")),
    "a wide column": ("filter-forbidden", _tag("{{ name|center(1000000000) }}")),
    "loops in loops": (
        "loop-too-deep",
        _tag(
            "".join(f"{{% for a{n} in range(900) %}}" for n in range(6)) + "x" + "{% endfor %}" * 6
        ),
    ),
    "loops over a long text": (
        "not-a-list",
        lambda: document(
            paragraph("{% set a = 'xxxxxxxxxxxxxxxx' %}"),
            *(paragraph("{% set a = a ~ a %}") for _ in range(6)),
            paragraph("".join(f"{{% for a{n} in a %}}" for n in range(4)) + "{% endfor %}" * 4),
        ),
    ),
    "four loops of a thousand": (
        "loop-too-deep",
        _tag("".join(f"{{% for a{n} in range(999) %}}" for n in range(4)) + "{% endfor %}" * 4),
    ),
    "a text that doubles": (
        "memory-limit",
        lambda: document(
            paragraph("{% set a = 'xxxxxxxxxxxxxxxx' %}"),
            *(paragraph("{% set a = a ~ a %}") for _ in range(40)),
            paragraph("{{ a }}"),
        ),
    ),
    "a call": ("call-forbidden", _tag("{{ name.encode('rot13') }}")),
    "a tag in an attribute": (
        "tag-hidden",
        lambda: document('<w:p w:rsidR="{{ name.__class__ }}"><w:r><w:t>x</w:t></w:r></w:p>'),
    ),
    "a tag in a comment of the file": (
        "tag-hidden",
        lambda: document("<w:p><!-- {{ name.__class__ }} --><w:r><w:t>x</w:t></w:r></w:p>"),
    ),
    "a tag in a field code": (
        "tag-hidden",
        lambda: document(field('HYPERLINK "https://{{ x }}/"')),
    ),
    "an escape in a field code": (
        "unsafe-access",
        lambda: document(field('HYPERLINK "https://example.org/{{ x.__class__ }}"')),
    ),
    "a field code from a tag": ("tag-hidden", lambda: document(field("{{ x }} c:/x"))),
    "a field attribute from a tag": (
        "tag-hidden",
        lambda: document('<w:p><w:fldSimple w:instr="{{ x }}"/></w:p>'),
    ),
    "a tag in a comment": (
        "tag-not-rendered",
        lambda: document(
            _PLAIN,
            comments=_note("comment", paragraph("{{ x.__class__ }}")),
        ),
    ),
    "an unclosed tag": ("tag-unclosed", _tag("Guten Tag {{ name")),
    "an unclosed loop": ("tag-unbalanced", _tag("{% for a in names %}{{ a }}")),
    "typographic quotes": ("typographic-quotes", _tag("{{ name|default(„offen“) }}")),
    "a broken tag": ("tag-syntax", _tag("{{ name| }}")),
    "an unknown filter": ("filter-unknown", _tag("{{ name|euro }}")),
    "an escape in a text box": (
        "unsafe-access",
        lambda: document(text_box("{{ name.__class__ }}")),
    ),
    "an escape in a table": (
        "unsafe-access",
        lambda: document(table(("a", "{{ name.__class__ }}"))),
    ),
    "an escape in a footnote": (
        "unsafe-access",
        lambda: document(
            _PLAIN,
            footnotes=f"<w:footnote w:id='2'>{paragraph('{{ name.__class__ }}')}</w:footnote>",
        ),
    ),
    "a row that cuts a table": (
        "tag-rank",
        lambda: document(table(("{%tr for a in names %}", "")), paragraph("{% endfor %}")),
    ),
}

HOSTILE = {**PACKAGES, **TEMPLATES}
