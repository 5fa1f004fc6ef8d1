"""Every table registers itself; whoever opens a session needs them all."""

from agreements.model import (
    bodies,
    cases,
    conclusion,
    councils,
    drafting,
    funding,
    notices,
    people,
    proposals,
    records,
    templates,
    work,
)
from agreements.model.base import Base

__all__ = [
    "Base",
    "bodies",
    "cases",
    "conclusion",
    "councils",
    "drafting",
    "funding",
    "notices",
    "people",
    "proposals",
    "records",
    "templates",
    "work",
]
