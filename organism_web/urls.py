"""The addresses of the house: each door brings its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView
from js_asset import static_lazy

# The admin has no door of its own: the second factor and the count of attempts hold there too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class Later(URLResolver):
    """A room in a namespace, imported when the first of its addresses is asked for or written: the first page waits for no API."""

    def _populate(self) -> None:
        """Names are looked up in the namespace alone, and that reads the room itself."""


urlpatterns = [
    # Browsers ask for it on pages that name no icon.
    path("favicon.ico", RedirectView.as_view(url=static_lazy("favicon.svg"))),
    Later(RoutePattern("api/v1/"), "runs.api.urls", app_name="api", namespace="api"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("runs.pages.urls")),
]
