"""What ``vereinbar up`` refuses before it starts anything, and how it describes itself."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from agreements.cli import stack_environment as environment
from agreements.cli import stack_parts as parts
from agreements.cli.main import app
from agreements.cli.stack_state import StackState, exclusive, running_stack_state, write_state
from agreements.cli.stack_supervisor import Stack, free_ports
from agreements.database.engine import make_engine, transaction
from agreements.errors import Conflict, Refusal
from agreements.settings import Settings, get_settings
from tests.ports import nobody_listens


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    api, prefect = free_ports(2)
    return Settings(data_dir=tmp_path / "var", api_port=api, prefect_port=prefect)


def test_a_second_stack_on_the_same_data_is_refused(settings: Settings) -> None:
    with exclusive(settings.data_dir), pytest.raises(Conflict, match=r"Prozess \d+") as refusal:
        Stack(settings).start()
    assert refusal.value.code == "stack-running"


@pytest.mark.parametrize("name", ["api_port", "prefect_port"])
def test_a_taken_port_is_named_with_its_setting(settings: Settings, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = settings.model_copy(update={name: port})
        with pytest.raises(Conflict, match=f"Port {port}.*VEREINBAR_{name.upper()}"):
            Stack(taken).start()
    with exclusive(settings.data_dir):
        pass  # the refusal gave the lock back


def test_a_full_disk_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agreements.cli.stack_supervisor.NEEDED_BYTES", 10**18)
    with pytest.raises(Refusal, match="Platz schaffen"):
        Stack(settings).start()


def test_a_newer_database_is_refused(settings: Settings, database_url: str) -> None:
    engine = make_engine(database_url)
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    engine.dispose()
    stack = Stack(settings.model_copy(update={"database_url": database_url}))
    stack.start()
    with pytest.raises(Conflict, match="neuer als dieses Programm"):
        stack.wait_ready(120)
    stack.stop()
    assert stack.processes == {}


def test_an_unreachable_database_is_one_sentence(settings: Settings) -> None:
    with nobody_listens() as port:
        url = f"postgresql://nobody@127.0.0.1:{port}/vereinbar"
        stack = Stack(settings.model_copy(update={"database_url": url}))
        stack.start()
        with pytest.raises(Refusal, match="VEREINBAR_DATABASE_URL"):
            stack.wait_ready(120)
        stack.stop()


def test_the_command_line_refuses_with_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEREINBAR_DATA_DIR", str(settings.data_dir))
    get_settings.cache_clear()
    with exclusive(settings.data_dir):
        result = CliRunner().invoke(app, ["up"])
    get_settings.cache_clear()
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "arbeitet schon" in result.stderr


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["nix"], "Den Befehl „nix“ gibt es nicht."),
        (["up", "--nix"], "Die Option --nix gibt es nicht."),
        (["backup"], "Es fehlt die Angabe"),
    ],
)
def test_a_wrong_call_ends_with_two(call: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_state_is_found_only_while_it_runs(settings: Settings) -> None:
    state = StackState(
        pid=1, version="0", data_dir=str(settings.data_dir), database_url="postgresql://x/y",
        prefect_database_url="postgresql://x/p", socket_dir=None, api_url="http://a",
        prefect_url="http://p", conductor_name="c", ready=True, processes={"api": 2},
    )  # fmt: skip
    with exclusive(settings.data_dir):
        write_state(state)
        assert running_stack_state(settings.data_dir) == state
    assert running_stack_state(settings.data_dir) is None
    assert (settings.data_dir / "run" / "stack.json").stat().st_mode & 0o077 == 0


def test_prefect_is_told_to_be_discreet(settings: Settings) -> None:
    values = environment.child_environment(settings)
    assert values["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert values["PREFECT_SERVER_API_AUTH_STRING"] == settings.prefect_auth()
    assert values["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert values["PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED"] == "false"
    assert values["PREFECT_SERVER_DATABASE_CONNECTION_URL"].startswith("postgresql+asyncpg://")


def test_children_see_the_settings_of_their_parent(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.child_environment(settings).items():
        monkeypatch.setenv(name, value)
    child = Settings()
    assert child.data_dir == settings.data_dir.absolute()
    assert child.prefect_auth() == settings.prefect_auth()
    assert environment.database_url(child) == environment.database_url(settings)
    assert environment.prefect_database_url(child) == environment.prefect_database_url(settings)
    assert environment.conductor_name(child) == environment.conductor_name(settings)


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    for word in ("first", "second"):
        log.write_text(word + "x" * parts.LOG_LIMIT)
        parts.rotate(log)
    log.write_text("short")
    parts.rotate(log)
    assert log.read_text() == "short"
    assert (tmp_path / "api.log.1").read_text().startswith("second")
    assert (tmp_path / "api.log.2").read_text().startswith("first")


def test_doctor_reports_as_json(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEREINBAR_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("VEREINBAR_PREFECT_PORT", str(settings.prefect_port))
    get_settings.cache_clear()
    result = CliRunner().invoke(app, ["doctor", "--json"])
    get_settings.cache_clear()
    findings = {entry["what"]: entry for entry in json.loads(result.stdout)}
    assert result.exit_code == 0
    assert findings["Prefect-Server"]["state"] == "hint"
    assert findings["Prefect-Server"]["advice"]
    assert findings["PostgreSQL-Programme"]["state"] == "ok"
