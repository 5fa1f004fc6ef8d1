"""Waiting for something that happens in another process: by looking, with an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    look: Callable[[], T | None], what: str, *, seconds: float = 120, longest_pause: float = 0.25
) -> T:
    """Look until the answer is truthy; fails with ``what`` did not happen.

    The longer it takes, the rarer the looks: they take time from those that are waited for.
    """
    end = time.monotonic() + seconds
    never, pause = threading.Event(), 0.05
    while True:
        if answer := look():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        never.wait(pause)
        pause = min(pause * 1.2, longest_pause)
