"""The declarative base and the column types that all tables share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Enum, MetaData, Numeric, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from agreements.ids import new_id

Json = dict[str, Any]


def stored(enum: type[StrEnum], *, constrained: bool = True) -> Enum:
    """A column type for an enum: text with a check constraint, the member's value stored."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=constrained,
        length=40,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


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
