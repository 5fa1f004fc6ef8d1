"""A conductor as a process: ``python -m flows``."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

from prefect.context import AsyncClientContext

from agreements.settings import get_settings
from flows.conductor import Conductor
from flows.domain import engine
from flows.writing import pool as render_pool


def _quiet() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # The engine logs every suspension as an error; the run's state says it already.
    logging.getLogger("prefect.flow_runs").addFilter(_no_suspensions)
    logging.getLogger("prefect.engine").addFilter(_no_suspensions)


def _no_suspensions(record: logging.LogRecord) -> bool:
    # Running: another process carries the run, and this one has left it alone.
    said = record.getMessage()
    return "Finished in state Suspended" not in said and "Finished in state Running" not in said


async def main() -> None:
    """Run a conductor until SIGTERM or SIGINT."""
    settings = get_settings()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    warming = asyncio.create_task(render_pool().warm())
    # Runs find this client in their context: each of their own would read all the world's
    # certification authorities anew, on our event loop. Entered as its parts, because as a
    # whole it asks Prefect for its version, and Prefect may come later than we.
    shared = AsyncClientContext()
    async with shared.client as client:
        with shared:
            await Conductor(client, settings).run(stop)
    warming.cancel()
    with suppress(asyncio.CancelledError):
        await warming
    render_pool().close()
    engine().dispose()


def start() -> None:
    """Run a conductor in this process."""
    _quiet()
    asyncio.run(main())
