"""Waiting for something that happens in another process: by looking, with an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T | None], what: str, *, seconds: float = 120) -> T:
    """Look until the answer is truthy; fails with ``what`` did not happen."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        if answer := look():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        pause.wait(0.05)
