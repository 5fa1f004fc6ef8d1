"""Cases are played to a point once: whoever begins there next gets a copy of the database.

A point is a method of a player that is marked ``@once``. It is played as ever if anything else
has happened in the database before, if the clock runs, or if it is the first of its kind in this
process; what is copied is exactly what the same calls have led to on the same day.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import event

from agreements import clock
from agreements.database.embedded import EmbeddedPostgres
from agreements.documents.store import DocumentStore
from tests import engines

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Save:
    """A point that has been played: a database, documents, what the player knew and answered."""

    database: str
    documents: Path
    known: dict[str, Any]
    answer: object


@dataclass
class Saves:
    """All points that were played on this server."""

    postgres: EmbeddedPostgres
    folder: Path
    kept: dict[Hashable, Save] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def next_name(self) -> str:
        """A name for one more."""
        return f"save_{next(self._numbers)}"


class OwnDatabase:
    """A test's own database, made of its template when somebody first connects."""

    def __init__(self, saves: Saves, name: str, template: str) -> None:
        self.saves, self.name, self.template = saves, name, template
        self.engine = engines.borrow(saves.postgres.url(name))
        self._made, self._touched, self._lock = False, False, Lock()
        event.listen(self.engine, "do_connect", self._make)

    @property
    def touched(self) -> bool:
        """Whether anybody has been in it since it was made or saved."""
        return self._touched

    def _make(self, *_: object) -> None:
        with self._lock:
            if not self._made:
                self.saves.postgres.ensure_database(self.name, template=self.template)
            self._made = self._touched = True

    def save(self, store: DocumentStore, known: dict[str, Any], answer: object) -> Save:
        """Keep what it holds now."""
        self.engine.dispose()
        save = self.saves.next_name()
        self.saves.postgres.ensure_database(save, template=self.name)
        _copy_documents(store.root, self.saves.folder / save)
        self.template, self._touched = save, False
        return Save(save, self.saves.folder / save, known, answer)

    def restore(self, save: Save, store: DocumentStore) -> None:
        """From now on it holds what was kept."""
        self._forget()
        _copy_documents(save.documents, store.root)
        self.template = save.database

    def drop(self) -> None:
        """Nothing is left of it; the next test has its engine."""
        self._forget()
        event.remove(self.engine, "do_connect", self._make)
        engines.give_back(self.engine)

    def _forget(self) -> None:
        self.engine.dispose()
        if self._made:
            self.saves.postgres.drop_database(self.name)
        self._made = self._touched = False


def _copy_documents(source: Path, target: Path) -> None:
    for folder in source.glob("[0-9a-f][0-9a-f]"):
        shutil.copytree(folder, target / folder.name, dirs_exist_ok=True)


class Player(Protocol):
    """Who plays a case in a database of its own."""

    store: DocumentStore
    database: OwnDatabase | None

    def known(self) -> dict[str, Any]:
        """What the player knows of the case, in values that never change."""

    def recall(self, known: dict[str, Any]) -> None:
        """Know that again."""

    def manner(self) -> Hashable:
        """What besides the calls decides on how the case goes."""


def once(play: F) -> F:
    """Mark a point of a player."""

    @wraps(play)
    def come_to(player: Player, *args: object, **changes: object) -> object:
        database = player.database
        if database is None or database.touched or not clock.is_fixed():
            return play(player, *args, **changes)
        called = (play.__qualname__, repr(args), repr(sorted(changes.items())))
        key = (database.template, type(player), player.manner(), clock.now(), called)
        kept = database.saves.kept
        if key not in kept:
            answer = play(player, *args, **changes)
            kept[key] = database.save(player.store, player.known(), answer)
            return answer
        database.restore(kept[key], player.store)
        player.recall(kept[key].known)
        return kept[key].answer

    return cast(F, come_to)
