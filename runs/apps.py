"""The one Django app."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Holds every model, page and command of the house."""

    name = "runs"
    label = "runs"
    verbose_name = "Runs"
