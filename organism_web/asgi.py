"""The application that the web server runs: HTTP goes to Django, sockets go to the live door."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organism_web.settings")
http = get_asgi_application()  # sets Django up, so it comes before everything that imports models

from organism_web.checks import refuse_unsafe_settings  # noqa: E402
from runs.live.routing import websocket_urlpatterns  # noqa: E402

refuse_unsafe_settings()
application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(CookieMiddleware(URLRouter(websocket_urlpatterns))),
    }
)
