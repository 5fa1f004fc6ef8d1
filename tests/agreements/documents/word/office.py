"""LibreOffice at work on documents: a macro edits them, so that its own output is what is read."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

_MACROS: Final = """\
Function Opened(source As String)
  Dim p(0) As New com.sun.star.beans.PropertyValue
  p(0).Name = "Hidden"
  p(0).Value = True
  Opened = StarDesktop.loadComponentFromURL(ConvertToUrl(source), "_blank", 0, p())
End Function

Sub Keep(doc, target As String)
  Dim p(0) As New com.sun.star.beans.PropertyValue
  p(0).Name = "FilterName"
  p(0).Value = "MS Word 2007 XML"
  doc.storeToURL(ConvertToUrl(target), p())
  doc.close(True)
End Sub

Sub Settle(source As String, target As String, what As String)
  doc = Opened(source)
  helper = createUnoService("com.sun.star.frame.DispatchHelper")
  helper.executeDispatch(doc.CurrentController.Frame, ".uno:" &amp; what, "", 0, Array())
  Keep(doc, target)
End Sub

Function Words(doc, text As String)
  s = doc.createSearchDescriptor()
  s.SearchString = text
  s.SearchCaseSensitive = True
  Words = doc.findFirst(s)
End Function

Sub Change(source As String, target As String)
  doc = Opened(source)
  doc.RecordChanges = True
  found = Words(doc, "nach Einwohnern")
  found.String = "nach Nutzung"
  found = Words(doc, "Technik,")
  at = found.Text.createTextCursorByRange(found.Start)
  at.gotoStartOfParagraph(False)
  at.gotoNextParagraph(True)
  at.String = ""
  found = Words(doc, "Die Kosten tragen")
  at = found.Text.createTextCursorByRange(found.Start)
  at.gotoEndOfParagraph(False)
  at.Text.insertControlCharacter(at, 0, False)
  at.Text.insertString(at, "Der Kreis zahlt vor.", False)
  note = doc.createInstance("com.sun.star.text.textfield.Annotation")
  note.Author = "Herr Bergkamen"
  note.Content = "Warum nicht früher?"
  found = Words(doc, "am 1. Juli")
  found.Text.insertTextContent(found, note, True)
  Keep(doc, target)
End Sub

Sub Resave(source As String, target As String)
  Keep(Opened(source), target)
End Sub
"""
_MODULE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<script:module '
    'xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{macros}</script:module>'
)
_LIBRARY: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<library:library '
    'xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
    'library:readonly="false" library:passwordprotected="false">'
    '<library:element library:name="Module1"/></library:library>'
)


class Office:
    """LibreOffice with our macros, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("soffice")
        if found is None:
            reason = "soffice is not installed"
            if os.environ.get("VEREINBAR_REQUIRE_ALL") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        self._office, self._folder, self._number = found, folder, 0
        # The first start lays out the profile, and would write over what is there already.
        self._soffice("--terminate_after_init")
        library = folder / "profile" / "user" / "basic" / "Standard"
        (library / "script.xlb").write_text(_LIBRARY)
        (library / "Module1.xba").write_text(_MODULE.format(macros=_MACROS.replace('"', "&quot;")))

    def run(self, macro: str, content: bytes, *arguments: str) -> bytes:
        """The document after the macro."""
        self._number += 1
        source = self._folder / f"{self._number}-vorher.docx"
        target = self._folder / f"{self._number}-nachher.docx"
        source.write_bytes(content)
        given = ",".join(f'"{value}"' for value in (str(source), str(target), *arguments))
        self._soffice(f"macro:///Standard.Module1.{macro}({given})")
        return target.read_bytes()

    def _soffice(self, *arguments: str) -> None:
        subprocess.run(
            [
                self._office,
                f"-env:UserInstallation=file://{self._folder}/profile",
                "--headless",
                "--norestore",
                *arguments,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
