"""Ready formations with parameters: each is filled in and becomes an ordinary document."""

from runs.suggestors.templates.guru import GuruSelection, NoMatch, guru
from runs.suggestors.templates.shelf import Template, UnknownTemplate, template_named, templates

__all__ = ["GuruSelection", "NoMatch", "Template", "UnknownTemplate", "guru", "template_named", "templates"]
