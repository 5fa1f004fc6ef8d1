"""Reading XML from strangers: one pass of expat, no tree, no entity is ever expanded."""

from __future__ import annotations

from typing import Final, Protocol
from xml.parsers import expat

from agreements.documents.inspection import limits
from agreements.documents.inspection.findings import Refused, of_package

_ENCODINGS: Final = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii"}
_AGAIN: Final = "Speichern Sie das Dokument in Word neu als „Word-Dokument (*.docx)“."


class Listener(Protocol):
    """Who hears what stands in a part."""

    def start(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        """An element begins; attributes' names are ``namespace}name`` or ``name``."""

    def end(self, namespace: str, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """A piece of text."""

    def aside(self, text: str) -> None:
        """A comment or a processing instruction."""


class Silent:
    """Hears nothing: for parts that only have to be harmless."""

    def start(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        """Nothing."""

    def end(self, namespace: str, name: str) -> None:
        """Nothing."""

    def text(self, text: str) -> None:
        """Nothing."""

    def aside(self, text: str) -> None:
        """Nothing."""


def listen(entry: str, content: bytes, listener: Listener) -> None:
    """Read a part; raises ``Refused`` for a DOCTYPE, a bomb, or what is not well-formed."""
    _Reading(entry, listener).parse(content)


class _Reading:
    def __init__(self, entry: str, listener: Listener) -> None:
        self._entry, self._listener = entry, listener
        self._depth = self._elements = 0
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = listener.text
        parser.CommentHandler = listener.aside
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        self._parser = parser

    def parse(self, content: bytes) -> None:
        # An element has at most two of them: counting is much cheaper than reading.
        if content.count(b"<") > 2 * limits.XML_ELEMENTS + 100:
            raise self._bomb(f"mehr als {limits.XML_ELEMENTS} Elemente")
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as problem:
            raise self._refused(
                "xml-broken",
                f"Zeile {problem.lineno}, Spalte {problem.offset}",
                f"Ein Bestandteil ist kein gültiges XML. {_AGAIN}",
            ) from None
        except ValueError:  # expat on an encoding that Python does not know
            raise self._encoding("unbekannt") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > limits.XML_DEPTH or self._elements > limits.XML_ELEMENTS:
            raise self._bomb(f"Tiefe {self._depth}, {self._elements} Elemente")
        if attributes and (
            len(attributes) > limits.ATTRIBUTES
            or sum(map(len, attributes.values())) > limits.ATTRIBUTE_CHARACTERS
        ):
            raise self._bomb(f"{len(attributes)} Attribute")
        namespace, _, local = name.rpartition("}")
        self._listener.start(namespace, local, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        namespace, _, local = name.rpartition("}")
        self._listener.end(namespace, local)

    def _instruction(self, target: str, data: str) -> None:
        self._listener.aside(f"{target} {data}")

    def _doctype(self, name: str, *rest: object) -> None:
        raise self._refused(
            "xml-doctype",
            f"<!DOCTYPE {name}",
            "Ein Bestandteil erklärt einen DOCTYPE oder Entitäten. Damit lassen sich fremde "
            f"Dateien einlesen oder der Speicher füllen; Word schreibt so etwas nie. {_AGAIN}",
        )

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise self._encoding(encoding)

    def _encoding(self, encoding: str) -> Refused:
        return self._refused(
            "xml-encoding",
            encoding,
            f"Ein Bestandteil ist nicht in UTF-8 oder UTF-16 kodiert. {_AGAIN}",
        )

    def _bomb(self, text: str) -> Refused:
        return self._refused(
            "xml-bomb",
            text,
            "Ein Bestandteil ist so tief geschachtelt oder so umfangreich, wie es kein Dokument "
            f"ist (XML-Bombe). {_AGAIN}",
        )

    def _refused(self, code: str, text: str, message: str) -> Refused:
        return Refused(of_package(code, self._entry, text, message))
