"""The house keeps its walls: who may import whom, where the clock is read, what is packaged."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from agreements.model.enums import StageKind
from agreements.settings import PROJECT_ROOT

ROOMS = ("agreements", "flows", "api")
CLOCK = Path("agreements/clock.py")
# Nothing but clock.py may ask the computer what time it is.
TIME_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
IMPORT_ALL = """
import importlib, pkgutil, sys
import agreements
# These run only inside Alembic, and under LibreOffice's Python.
skipped = {"agreements.migrations.env", "agreements.documents.pdf.office_child"}
for module in pkgutil.walk_packages(agreements.__path__, "agreements."):
    if module.name not in skipped:
        importlib.import_module(module.name)
print(*sorted(set(name.partition(".")[0] for name in sys.modules)), sep="\\n")
"""


def pyproject() -> dict[str, Any]:
    """The project's settings."""
    return tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def sources(*folders: str) -> Iterator[Path]:
    """All Python files of these folders, relative to the project."""
    for folder in folders:
        for path in sorted((PROJECT_ROOT / folder).rglob("*.py")):
            yield path.relative_to(PROJECT_ROOT)


def test_the_import_contracts_are_kept(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT_ROOT)
    assert len(pyproject()["tool"]["importlinter"]["contracts"]) >= 2
    status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capfd.readouterr().out


def test_the_domain_never_loads_prefect_or_fastapi() -> None:
    """Not even through a third package: it would cost every command two seconds."""
    loaded = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        cwd=PROJECT_ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert "agreements" in loaded
    assert not {"prefect", "fastapi", "starlette", "flows", "api"}.intersection(loaded)


@pytest.mark.parametrize(
    ("room", "foreign"), [("flows", {"fastapi", "starlette", "api"}), ("api", {"prefect", "flows"})]
)
def test_only_flows_import_prefect_and_only_the_api_imports_fastapi(
    room: str, foreign: set[str]
) -> None:
    assert {
        path: found for path in sources(room) if (found := foreign & set(_imported(path)))
    } == {}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.partition(".")[0]


def _parsed(path: Path) -> ast.Module:
    return ast.parse((PROJECT_ROOT / path).read_text(encoding="utf-8"))


def _time_read(tree: ast.Module) -> list[str]:
    """Uses (not only calls) of the functions that read the computer's clock."""
    return [
        f"{node.value.id}.{node.attr}, line {node.lineno}"
        if isinstance(node.value, ast.Name)
        else f"{node.value.attr}.{node.attr}, line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (
            node.value.id if isinstance(node.value, ast.Name) else node.value.attr,
            node.attr,
        )
        in TIME_READERS
    ]


def test_the_clock_is_read_in_one_place() -> None:
    readers = {path: _time_read(_parsed(path)) for path in sources(*ROOMS)}
    assert [path for path, found in readers.items() if found] == [CLOCK]


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime as d\nx = d.datetime.now(d.UTC)",
        "from datetime import date\nf = date.today",
        "import time\nx = time.time()",
    ],
)
def test_a_second_clock_would_be_found(code: str) -> None:
    assert _time_read(ast.parse(code))


def test_every_test_folder_is_a_package() -> None:
    """Otherwise ``import agreements`` finds ``tests/agreements``."""
    folders = {path.parent for path in sources("tests")}
    lacking = {f for f in folders if not (PROJECT_ROOT / f / "__init__.py").exists()}
    assert lacking == set()


def test_every_package_on_disk_is_listed_and_every_listed_one_exists() -> None:
    listed = pyproject()["tool"]["setuptools"]["packages"]
    on_disk = {".".join(path.parent.parts) for path in sources(*ROOMS)}
    assert set(listed) == on_disk
    assert len(listed) == len(set(listed))


def test_every_package_has_its_init() -> None:
    """A namespace package would be found by nobody who installs the wheel."""
    folders = {path.parent for path in sources(*ROOMS)}
    assert {f for f in folders if not (PROJECT_ROOT / f / "__init__.py").exists()} == set()


def test_every_kind_of_stage_has_a_flow_and_every_flow_a_deployment() -> None:
    """``prefect.yaml`` is what a stock worker and the UI go by."""
    entries = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    deployed = {entry["name"]: entry["entrypoint"] for entry in entries["deployments"]}
    code = "import flows.catalogue as c; print(*c.STAGE_FLOWS, *c.ROUTINES); print(*c.FLOWS)"
    names, kinds = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    assert set(kinds.split()) == set(StageKind)
    assert set(names.split()) == set(deployed)
    for name, entrypoint in deployed.items():
        module = name.replace("-", "_")
        assert entrypoint == f"flows.{module}.{module}"
