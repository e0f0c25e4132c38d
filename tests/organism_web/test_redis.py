"""The roof on Redis."""

import pytest
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache

pytestmark = pytest.mark.redis


def test_the_cache_is_shared_through_redis():
    cache.set("organism-test", 7, timeout=5)
    assert settings.CACHES["default"]["BACKEND"].endswith("RedisCache")
    assert cache.get("organism-test") == 7


async def test_a_ring_goes_through_redis():
    layer = get_channel_layer()
    assert type(layer).__name__ == "RedisPubSubChannelLayer"
    channel = await layer.new_channel()
    await layer.group_add("runs", channel)
    await layer.group_send("runs", {"type": "ring"})
    assert await layer.receive(channel) == {"type": "ring"}
    await layer.flush()
