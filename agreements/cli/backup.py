"""``vereinbar backup`` and ``vereinbar restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agreements.cli.console import console, plural, size


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Zieldatei, zum Beispiel sicherung.tar.gz")],
) -> None:
    """Sichert Datenbank und Dokumente in eine geprüfte Datei; auch im laufenden Betrieb."""
    from agreements.cli.backup_run import take
    from agreements.settings import get_settings

    taken = take(get_settings(), file)
    documents = plural(len(taken.manifest.documents), "Dokument", "Dokumente")
    console().print(
        f"Gesichert und geprüft: {taken.path} ({size(taken.size)}, Datenbank und {documents})."
    )
    for digest in taken.missing:
        console(errors=True).print(f"Hinweis: Das Dokument {digest} fehlt in der Ablage.")
    for digest in taken.altered:
        console(errors=True).print(f"Hinweis: Das Dokument {digest} wurde nachträglich verändert.")


def restore(
    file: Annotated[Path, typer.Argument(help="Die Sicherung")],
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="Datenordner, in den sie eingespielt wird")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Vorhandene Daten durch die Sicherung ersetzen")
    ] = False,
) -> None:
    """Spielt eine Sicherung ein; vorher wird sie vollständig geprüft."""
    from agreements.cli.backup_run import bring_back
    from agreements.settings import get_settings

    settings = get_settings()
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": data_dir})
    manifest = bring_back(settings, file, replace=replace)
    documents = plural(len(manifest.documents), "Dokument", "Dokumente")
    console().print(
        f"Wiederhergestellt in {settings.data_dir}: Stand vom {manifest.created_at} "
        f"(vereinbar {manifest.version}), {documents}. Weiter mit „vereinbar up“."
    )
