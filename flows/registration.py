"""Make the work pool, the deployments of ``prefect.yaml`` and our automations; repeatable."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from agreements.settings import PROJECT_ROOT, Settings, get_settings


class RegistrationFailed(Exception):
    """``prefect deploy`` refused; its output is the message."""


async def register() -> None:
    """Register in a process of its own: Prefect's command ends the process that it runs in."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "flows.registration"),
        cwd=PROJECT_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise RegistrationFailed(output.decode(errors="replace"))


def main(settings: Settings) -> None:
    """Create the pool if it is missing, ``prefect --no-prompt deploy --all``, automations."""
    os.chdir(PROJECT_ROOT)
    asyncio.run(_ensure_pool(settings.work_pool))
    _deploy()
    asyncio.run(_ship_automations(settings.work_pool))


async def _ensure_pool(name: str) -> None:
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=name, type="process"))


def _deploy() -> None:
    """Prefect's own command, here: another process would load Prefect and our flows again."""
    from prefect.cli import app

    sys.argv[1:] = ["--no-prompt", "deploy", "--all"]
    try:
        app()
    except SystemExit as end:
        if end.code:
            raise


async def _ship_automations(pool: str) -> None:
    from flows import automations

    async with get_client() as client:
        await automations.ship(client, pool)


if __name__ == "__main__":
    main(get_settings())
