"""The admin's door: everything can be looked at, nothing is changed here."""

from django.contrib import admin

from runs.admin import authored, huddles, journal, learning, providers

__all__ = ["authored", "huddles", "journal", "learning", "providers"]

admin.site.site_header = admin.site.site_title = "Organism Web"
admin.site.index_title = "What is kept"
