"""The addresses of the house: each door brings its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from js_asset import static_lazy

# The admin has no door of its own: the second factor and the count of attempts hold there too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # Browsers ask for it on pages that name no icon.
    path("favicon.ico", RedirectView.as_view(url=static_lazy("favicon.svg"))),
    path("api/v1/", include("runs.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("runs.pages.urls")),
]
