"""A case to play, in the sample region behind the served API."""

from __future__ import annotations

import pytest

from tests.api.scenarios.play import Play
from tests.api.world import World


@pytest.fixture
def play(world: World) -> Play:
    """A case that has not started yet."""
    return Play(world)


@pytest.fixture
def before_councils(councils: tuple[World, str]) -> Play:
    """A case that the Kreistag has adopted and that lies before the first committees."""
    world, reference = councils
    return Play(world, reference)
