"""The declarative base and the column types that all tables share."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Enum, LargeBinary, MetaData, Numeric, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.attributes import manager_of_class
from sqlalchemy.types import TypeDecorator

from agreements.ids import new_id

Json = dict[str, Any]
Row = TypeVar("Row", bound="Base")


def stored(enum: type[StrEnum]) -> Enum:
    """A column type for an enum: PostgreSQL's own of the same members, four bytes a value."""
    return Enum(
        enum,
        name=re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum.__name__).lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Digest(TypeDecorator[str]):
    """A SHA-256 in hexadecimal digits, kept as its bytes: half as long."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """What the database keeps."""
        return bytes.fromhex(value) if value is not None else None

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """What the program knows."""
        return value.hex() if value is not None else None


class SparseList(TypeDecorator[list[str]]):
    """A list that is nearly always empty: that is kept as NULL, which takes no room."""

    impl = ARRAY(String)
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> list[str] | None:
        """What the database keeps."""
        return value or None

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> list[str]:
        """What the program knows."""
        return value or []


class Base(DeclarativeBase):
    """Base of all tables. Identifiers are UUIDv7, instants aware, money exact."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        Decimal: Numeric(14, 2),
        UUID: Uuid(),
        Json: JSONB(),
    }


class Identified:
    """Mixin: a UUIDv7 primary key that is known before the row is written."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


def fresh(class_: type[Row], **values: object) -> Row:
    """A new object with these values of its columns, as its constructor would make it.

    That notes every single value, which takes longer than all else where many are made. For a row
    that is new anyway all values are written. Relationships need the constructor.
    """
    made: Row = manager_of_class(class_).new_instance()
    vars(made).update(values)
    return made
