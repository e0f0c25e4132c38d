"""The addresses of the API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from runs.api import gates, runs

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("runs/", runs.Runs.as_view(), name="run-list"),
    path("runs/<str:uuid>/", runs.Run.as_view(), name="run-detail"),
    path("runs/<str:uuid>/cancel/", runs.Cancellation.as_view(), name="run-cancel"),
    path("runs/<str:uuid>/envelopes/", runs.Envelopes.as_view(), name="run-envelopes"),
    path("gates/", gates.Inbox.as_view(), name="gate-inbox"),
    path("runs/<str:uuid>/gates/", gates.Gates.as_view(), name="gate-list"),
    path("runs/<str:uuid>/decisions/", gates.Decisions.as_view(), name="gate-decide"),
]
