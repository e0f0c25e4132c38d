"""The yardstick of the live door: what Channels' own tutorial leads to, on the same database, with the same wake-ups.

A relay reads new envelopes in batches, encodes each batch and sends it to a group; each consumer passes it on to its
client. (Sent as decoded values, which the layer copies for each consumer, it cannot keep up at all.)
"""

import asyncio
import os
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organism_web.settings")
http = get_asgi_application()

from runs.live.bell import Bell  # noqa: E402
from runs.models import Envelope, Run  # noqa: E402

#: Seconds over which events are gathered; ours pauses for as long with a hundred watchers.
BATCH = 0.04
relays: dict[str, asyncio.Task[None]] = {}


class Watcher(AsyncWebsocketConsumer):
    """Joins the group of a run and passes on what is sent to it."""

    async def connect(self) -> None:
        """Join, and see to it that there is a relay."""
        uuid = str(self.scope["url_route"]["kwargs"]["uuid"])
        await self.channel_layer.group_add(f"run-{uuid}", self.channel_name)
        await self.accept()
        if uuid not in relays:
            relays[uuid] = asyncio.ensure_future(relay(uuid))

    async def run_envelopes(self, message: dict[str, Any]) -> None:
        """Send the batch, which the relay has encoded."""
        await self.send(text_data=message["text"])


async def relay(uuid: str) -> None:
    """Read what is new, batch by batch, and send it to the group."""
    rung, cursor, layer = asyncio.Event(), 0, get_channel_layer()
    Bell(lambda _: rung.set()).start()
    while True:
        await rung.wait()
        rung.clear()
        if bodies := await database_sync_to_async(_after)(uuid, cursor):
            text = f'{{"after":{cursor},"to":{cursor + len(bodies)},"envelopes":[{",".join(bodies)}]}}'
            await layer.group_send(f"run-{uuid}", {"type": "run.envelopes", "text": text})
            cursor += len(bodies)
        await asyncio.sleep(BATCH)


def _after(uuid: str, cursor: int) -> list[str]:
    run = Run.objects.get(uuid=uuid)
    return list(Envelope.objects.after(run, cursor).values_list("body", flat=True)[:500])


application = ProtocolTypeRouter({"http": http, "websocket": URLRouter([path("ws/t/acme/runs/<uuid:uuid>/", Watcher.as_asgi())])})
