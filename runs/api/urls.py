"""The addresses of the API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from runs.api import formations, gates, learning, lint, runs, templates, tournaments, trust, who

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("who/", who.Who.as_view(), name="who"),
    path("runs/", runs.Runs.as_view(), name="run-list"),
    path("runs/<str:uuid>/", runs.Run.as_view(), name="run-detail"),
    path("runs/<str:uuid>/cancel/", runs.Cancellation.as_view(), name="run-cancel"),
    path("runs/<str:uuid>/envelopes/", runs.Envelopes.as_view(), name="run-envelopes"),
    path("formations/<slug:slug>/readiness/", formations.Readiness.as_view(), name="formation-readiness"),
    path("tournaments/", tournaments.Tournaments.as_view(), name="tournament-list"),
    path("tournaments/<slug:tenant>/<int:number>/", tournaments.Tournament.as_view(), name="tournament-detail"),
    path("priors/", learning.Priors.as_view(), name="prior-list"),
    path("runs/<str:uuid>/grid/", runs.Grid.as_view(), name="run-grid"),
    path("gates/", gates.Inbox.as_view(), name="gate-inbox"),
    path("runs/<str:uuid>/verify/", trust.Verifications.as_view(), name="run-verify"),
    path("runs/<str:uuid>/outcome/", runs.Outcome.as_view(), name="run-outcome"),
    path("runs/<str:uuid>/why/", trust.Why.as_view(), name="run-why"),
    path("runs/<str:uuid>/why-not/", trust.WhyNot.as_view(), name="run-why-not"),
    path("runs/<str:uuid>/waiting/", trust.Waiting.as_view(), name="run-waiting"),
    path("runs/<str:uuid>/gates/", gates.Gates.as_view(), name="gate-list"),
    path("templates/", templates.Templates.as_view(), name="template-list"),
    path("templates/<str:name>/", templates.Template.as_view(), name="template-detail"),
    path("templates/<str:name>/fill/", templates.Filling.as_view(), name="template-fill"),
    path("lint/", lint.Lint.as_view(), name="lint"),
    path("guru/", templates.Guru.as_view(), name="guru"),
    path("runs/<str:uuid>/decisions/", gates.Decisions.as_view(), name="gate-decide"),
]
