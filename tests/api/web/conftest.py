"""A real Chromium in front of the served pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.auth import COOKIE
from tests.api.server import PLAIN
from tests.api.world import World

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
# A sign-in alone costs a second of a processor that other tests use too.
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the pages of a test file."""
    program = shutil.which("chromium")
    if program is None:
        reason = "chromium is not installed"
        if os.environ.get("VEREINBAR_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(
            executable_path=program, args=list(FLAGS), timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab without cookies; whatever goes wrong in it fails the test."""
    context = chromium.new_context(locale="de-DE", viewport={"width": 1000, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    context.close()
    # Chromium reports an answer of 401, 403 or 404 as an error of the console too.
    assert [
        said for said in troubles if "the server responded with a status of 4" not in said
    ] == []


def address(world: World, path: str) -> str:
    """Where a page is served."""
    return world.address + path


@contextmanager
def signed_in(world: World, username: str) -> Iterator[httpx.Client]:
    """Somebody's cookie, and forms of the own site; also of those who have no password."""
    own, cookies = {"Origin": world.address}, {COOKIE: world.token(username)}
    with httpx.Client(
        base_url=world.address,
        headers=own,
        cookies=cookies,
        trust_env=False,
        verify=PLAIN,
        timeout=60,
    ) as client:
        yield client
