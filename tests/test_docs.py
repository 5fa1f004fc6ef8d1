"""What the documentation says is so: generated parts, links, settings, commands, endpoints."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from agreements import clock
from agreements.cli.main import MODULES
from agreements.cli.sample import PASSWORD
from agreements.database.engine import make_engine, session_factory, transaction
from agreements.documents.store import DocumentStore
from agreements.model.enums import StageState
from agreements.procedures import describe
from agreements.regions.assemble import sample_region
from agreements.regions.load import add_region
from agreements.settings import PROJECT_ROOT, Settings
from api.app import create_app
from tests.api.server import serving
from tests.api.world import NOW, World

DOCS = PROJECT_ROOT / "docs"
PAGES = sorted(
    [
        PROJECT_ROOT / "README.md",
        PROJECT_ROOT / "CHANGELOG.md",
        PROJECT_ROOT / "templates" / "README.md",
        *DOCS.rglob("*.md"),
    ]
)
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
# Read by one part alone, and so no fields of the settings.
OTHER_VARIABLES = {"VEREINBAR_POSTGRES_BIN", "VEREINBAR_REQUIRE_ALL"}


def name_of(path: Path) -> str:
    """A page's name in the test report."""
    return str(path.relative_to(PROJECT_ROOT))


def shell_lines(page: Path) -> list[str]:
    """The lines of all shell examples of a page."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def test_the_generated_parts_are_up_to_date() -> None:
    """If not: ``python -m agreements.procedures.describe --write``."""
    assert describe.stale() == []


def test_every_file_carries_generated_parts_and_every_part_is_used() -> None:
    texts = [(PROJECT_ROOT / path).read_text(encoding="utf-8") for path in describe.FILES]
    used = [set(re.findall(r"<!-- generated: (\w+) -->", text)) for text in texts]
    assert all(used)
    assert set().union(*used) == set(describe.BLOCKS)


def test_a_stale_part_is_noticed_and_mended(tmp_path: Path) -> None:
    for path in describe.FILES:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT_ROOT / path, tmp_path / path)
    changed = tmp_path / "docs" / "procedure.md"
    right = changed.read_text(encoding="utf-8")
    changed.write_text(right.replace('drafting["Entwurf"]', 'drafting["Skizze"]'), encoding="utf-8")
    assert describe.stale(tmp_path) == [Path("docs/procedure.md")]
    assert describe.refreshed(changed.read_text(encoding="utf-8")) == right


def test_the_page_on_procedures_names_every_state() -> None:
    text = (DOCS / "procedure.md").read_text(encoding="utf-8")
    assert [state for state in StageState if f"`{state}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = [unquote(t.partition("#")[0]) for t in re.findall(r"\]\(<?([^)>\s]+)>?\)", text)]
    local = [t for t in targets if t and not re.match(r"[a-z]+:", t)]
    assert [t for t in local if not (page.parent / t).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [PROJECT_ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        found = re.findall(r"\]\(([^):#\s]+\.md)\)", page.read_text(encoding="utf-8"))
        linked = {(page.parent / target).resolve() for target in found}
        waiting += sorted(linked - reached)
    assert set(PAGES) <= reached


def test_every_setting_is_documented_and_nothing_else() -> None:
    text = (DOCS / "administration.md").read_text(encoding="utf-8")
    fields = {f"VEREINBAR_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"VEREINBAR_[A-Z_]+", text)) == fields | OTHER_VARIABLES


def test_the_defaults_of_ports_and_hosts_are_those_in_the_table() -> None:
    text = (DOCS / "administration.md").read_text(encoding="utf-8")
    for part in ("api", "prefect"):
        host, port = (Settings.model_fields[f"{part}_{what}"].default for what in ("host", "port"))
        upper = f"VEREINBAR_{part.upper()}"
        assert f"| `{upper}_HOST`, `{upper}_PORT` | `{host}`, `{port}` |" in text


def test_every_command_in_an_example_exists() -> None:
    lines = [line for page in PAGES for line in shell_lines(page)]
    commands = {m for line in lines for m in re.findall(r"bin/vereinbar ([a-z]+)", line)}
    assert commands
    assert commands <= set(MODULES)
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {m for line in lines for m in re.findall(r"^make ([a-z]+)", line)}
    assert targets
    assert targets <= set(re.findall(r"^([a-z]+):", makefile, re.M))


def test_the_quote_of_the_readme_is_answered() -> None:
    lines = shell_lines(PROJECT_ROOT / "README.md")
    [line] = [line for line in lines if "funding quote" in line]
    run = subprocess.run(line.split(), cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert "490.000,00" in run.stdout


def test_the_page_on_the_api_names_every_endpoint() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    named = re.sub(r"{\w+}", "{}", text)
    for path in create_app().openapi()["paths"]:
        short = re.sub(r"{\w+}", "{}", path.removeprefix("/api/v1"))
        rest = re.sub(r"^/(cases|tasks)/{}", "…", short)
        assert f"{short}`" in named or f"`{rest}`" in named, path


@pytest.mark.parametrize("record", DECISIONS, ids=name_of)
def test_a_decision_is_short_and_says_why_and_what_follows(record: Path) -> None:
    lines = record.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {record.name[:4]} ")
    headings = [line for line in lines if line.startswith("## ")]
    assert headings == ["## Context", "## Decision", "## Consequences"]
    assert len(lines) <= 60


def test_every_decision_is_listed_in_order() -> None:
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((0\d{3}-[^)]+)\)", index) == [record.name for record in DECISIONS]


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[World]:
    """The sample region behind a served API, on one fixed day."""
    settings = Settings(database_url=database_url, documents_dir=tmp_path / "documents")
    app, engine = create_app(settings), make_engine(database_url)
    sessions = session_factory(engine)
    with transaction(sessions) as session:
        add_region(session, sample_region(), sample_password=PASSWORD)
    with clock.fixed(NOW), serving(app) as address:
        world = World(address, app, engine, sessions, DocumentStore(settings.documents))
        yield world
        world.close()
    engine.dispose()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples need curl")
def test_the_clerks_ten_lines_work_as_they_stand(served: World, tmp_path: Path) -> None:
    reference = served.to_councils()
    script = "\n".join(shell_lines(DOCS / "sachbearbeitung.md"))
    assert f"VORGANG={reference}" in script
    script = script.replace("http://127.0.0.1:8000", served.address)
    script = script.replace("$(date +%F)", NOW.date().isoformat())
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"export no_proxy=127.0.0.1\n{script}"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert '"username":"sb.kamen"' in run.stdout
    assert "Smart Region Kreis Unna" in run.stdout
    # The council's turn comes with the answer to the committee's resolution.
    assert '"opened":[{' in run.stdout
    [task] = served.as_("sb.kamen").get("/tasks").json()["items"]
    assert task["title"] == "Beschluss erfassen (Rat)"
