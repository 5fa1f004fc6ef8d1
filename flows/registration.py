"""Make the work pool, the deployments of ``prefect.yaml`` and our automations; repeatable."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from agreements.settings import PROJECT_ROOT, Settings, get_settings
from flows import automations


class RegistrationFailed(Exception):
    """``prefect deploy`` refused; its output is the message."""


async def register(settings: Settings) -> None:
    """Create the pool if it is missing, ``prefect --no-prompt deploy --all``, automations."""
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=settings.work_pool, type="process"))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "prefect", "--no-prompt", "deploy", "--all"),
        cwd=PROJECT_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise RegistrationFailed(output.decode(errors="replace"))
    async with get_client() as client:
        await automations.ship(client, settings.work_pool)


if __name__ == "__main__":
    asyncio.run(register(get_settings()))
