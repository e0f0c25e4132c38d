"""The addresses of the sockets."""

from typing import Any

from django.urls import path, re_path

from runs.live.door import find_nothing, follow_run, follow_tenant, socket

websocket_urlpatterns: list[Any] = [
    path("ws/t/<str:tenant>/runs/<str:uuid>/", socket(follow_run)),  # type: ignore[arg-type]
    path("ws/t/<str:tenant>/overview/", socket(follow_tenant)),  # type: ignore[arg-type]
    re_path("", socket(find_nothing)),  # type: ignore[arg-type]
]
