"""Take the pictures of the Prefect UI that the docs show: ``python -m tests.screenshots``.

Needs a running stack (``vereinbar up``) and Chromium.
"""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from agreements.cli.stack_environment import prefect_url
from agreements.settings import PROJECT_ROOT, get_settings

FOLDER = PROJECT_ROOT / "docs" / "images"
PAGES = {
    "prefect-runs": "/runs",
    "prefect-deployments": "/deployments",
    "prefect-work-pool": "/work-pools/work-pool/vereinbar",
    "prefect-automations": "/automations",
}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def main(folder: Path = FOLDER) -> int:
    """Take every picture."""
    settings = get_settings()
    auth = base64.b64encode(settings.prefect_auth().encode()).decode()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="de-DE")
        page.add_init_script(f"localStorage.setItem('prefect-password', '{auth}')")
        for name, path in PAGES.items():
            _take(page, prefect_url(settings) + path, folder / f"{name}.png")
        page.goto(prefect_url(settings) + "/runs")
        page.get_by_text("Beschlüsse der Räte").first.click()
        _take(page, None, folder / "prefect-run.png")
        page.goto(prefect_url(settings) + "/artifacts")
        page.get_by_text("vorgang-").first.click()
        page.locator("a[href*='/artifacts/artifact/']").first.click()
        _take(page, None, folder / "prefect-case.png")
        _take_deadlines(page, prefect_url(settings), folder)
        browser.close()
    return 0


def _take_deadlines(page: Page, prefect: str, folder: Path) -> None:
    """What the newest run of the hourly flow told, and what comes next."""
    page.goto(prefect + "/artifacts/key/fristen")
    page.locator("a[href*='/artifacts/artifact/']").first.click()
    _take(page, None, folder / "prefect-deadlines-artifact.png")


def _take(page: Page, url: str | None, target: Path) -> None:
    if url is not None:
        page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # the charts are drawn after the last answer
    page.screenshot(path=str(target))


if __name__ == "__main__":
    sys.exit(main())
