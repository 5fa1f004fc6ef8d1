"""The examples of all templates as PDF, converted once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from agreements.documents.pdf import Converter
from agreements.documents.registry import TEMPLATES
from agreements.documents.rendering import render
from agreements.settings import PROJECT_ROOT
from tests.agreements.documents.pdf.office import need_office

TEMPLATES_DIR = PROJECT_ROOT / "templates"


@pytest.fixture(scope="session")
def office() -> Iterator[Converter]:
    """A converter for all tests."""
    need_office()
    converter = Converter()
    yield converter
    converter.close()


@pytest.fixture(scope="session")
def examples_as_pdf(office: Converter) -> dict[str, bytes]:
    """Of each template its example, two at once."""

    def made(number: int) -> bytes:
        template = TEMPLATES[number]
        return office.convert(render(template, template.example(), TEMPLATES_DIR))

    with ThreadPoolExecutor(2) as threads:
        documents = threads.map(made, range(len(TEMPLATES)))
        return {template.id: one for template, one in zip(TEMPLATES, documents, strict=True)}
