"""``vereinbar casefile``: the whole case file as a folder or a ZIP, readable without vereinbar."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agreements.cli.console import console, plural, size
from agreements.cli.installation import installation_sessions
from agreements.errors import Refusal
from agreements.settings import get_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from agreements.bundles.archive import File
    from agreements.bundles.gathering import Bundle
    from agreements.bundles.making import Progress


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("casefile")(casefile_command)


def casefile_command(
    reference: Annotated[str, typer.Argument(help="Aktenzeichen.", metavar="AKTENZEICHEN")],
    out: Annotated[
        Path,
        typer.Option(
            help="Neuer Ordner, oder eine neue Datei mit der Endung .zip.", metavar="ZIEL"
        ),
    ],
    user: Annotated[
        str | None,
        typer.Option(
            help="Benutzername: nur, was diese Person lesen darf. Ohne Angabe die ganze Akte, auch "
            "Nichtöffentliches.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Schreibt die ganze Vorgangsakte: alle Dokumente, Beschlüsse, Verlauf und Verzeichnis."""
    _check(out)
    with installation_sessions() as sessions:
        from agreements import bundles
        from agreements.bundles import Maker
        from agreements.documents.pdf import converter
        from agreements.documents.store import DocumentStore

        bundle = _gathered(sessions, reference, user)
        with _progress() as progress:
            store = DocumentStore(get_settings().documents)
            maker = Maker(sessions, store, converter(), progress)
            problems = _written(bundles.bundle_files(bundle, maker), bundle, out)
        converter().close()
    _report(bundle, out, problems)


def _check(out: Path) -> None:
    if out.suffix.lower() == ".zip":
        if out.exists():
            raise typer.BadParameter(f"Die Datei {out} gibt es schon.", param_hint="--out")
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise typer.BadParameter(f"{out} ist kein leerer Ordner.", param_hint="--out")
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(
            f"Den Ordner {out.absolute().parent} gibt es nicht.", param_hint="--out"
        )


def _gathered(sessions: sessionmaker[Session], reference: str, user: str | None) -> Bundle:
    from sqlalchemy import select

    from agreements import access
    from agreements.bundles import Asker, BundleKind, gather
    from agreements.errors import NotFound
    from agreements.model.cases import Case
    from agreements.model.people import User
    from agreements.people import actor_of

    with sessions.begin() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        if user is None:
            case = session.scalar(select(Case).where(Case.reference == reference))
            if case is None:
                raise NotFound("case-unknown", f"Den Vorgang {reference} gibt es nicht.")
            return gather(session, case, Asker.installation(case), BundleKind.CASE_FILE)
        person = session.scalar(select(User).where(User.username == user, User.active))
        if person is None:
            raise NotFound("user-unknown", f"Den Benutzer „{user}“ gibt es nicht.")
        actor = actor_of(person)
        case, sight = access.visible_case(session, actor, reference)
        return gather(session, case, Asker(actor, sight), BundleKind.CASE_FILE)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on standard error while the file is made."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("Vorgangsakte"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TextColumn("{task.description}"), console=console(errors=True)) as bar:
        task = bar.add_task("", total=None)

        def told(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what[:50])

        yield told


def _written(files: Iterable[File], bundle: Bundle, out: Path) -> list[str]:
    """Write the files; the names of those that could not be read."""
    from agreements.bundles import into_folder, zipped

    missing: list[str] = []

    def noted() -> Iterator[File]:
        for file in files:
            if " FEHLT " in file.path.rpartition("/")[2]:
                missing.append(file.content.decode().strip())
            yield file

    if out.suffix.lower() != ".zip":
        into_folder(noted(), out)
        return missing
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with partial.open("wb") as target:
            target.writelines(zipped(noted(), bundle.file_name))
        partial.rename(out)
    finally:
        partial.unlink(missing_ok=True)
    return missing


def _report(bundle: Bundle, out: Path, missing: list[str]) -> None:
    files = [out] if out.is_file() else [path for path in out.rglob("*") if path.is_file()]
    documents = plural(len(bundle.entries), "Dokument", "Dokumente")
    total = size(sum(path.stat().st_size for path in files))
    typer.echo(f"Vorgangsakte {bundle.reference} geschrieben: {out} ({documents}, {total}).")
    if missing:
        for sentence in missing:
            typer.echo(sentence, err=True)
        raise Refusal(
            "casefile-incomplete",
            f"Die Akte ist unvollständig: {plural(len(missing), 'Datei fehlt', 'Dateien fehlen')}.",
        )
