"""Hooks the roof's own system checks into Django."""

from django.apps import AppConfig


class RoofConfig(AppConfig):
    """No models and no pages: only the checks of the settings."""

    name = "organism_web"
    verbose_name = "Organism Web"

    def ready(self) -> None:
        from organism_web import checks  # noqa: F401  (importing registers them)
