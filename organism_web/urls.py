"""The addresses of the house: each door brings its own."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from js_asset import static_lazy

urlpatterns = [
    # Browsers ask for it on pages that name no icon.
    path("favicon.ico", RedirectView.as_view(url=static_lazy("favicon.svg"))),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
