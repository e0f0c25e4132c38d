"""The icons and the modules."""

import re
from pathlib import Path

from django.conf import settings

from organism_web.vendor import sprite
from runs.reading.words import STATUSES
from runs.templatetags.organism import IMPORTS, MODULES

STATIC = Path(settings.BASE_DIR) / "static"
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))


def test_every_icon_that_a_page_names_is_in_the_sprite():
    templates = "".join(path.read_text() for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    scripts = "".join(path.read_text() for path in (STATIC / "js").glob("*.js"))
    named = set(re.findall(r'{% icon "([^"]+)"', templates)) | set(re.findall(r'name="([a-z-]+)" />', scripts))
    named |= {status.icon for status in STATUSES.values()}
    assert named - SPRITE == set()


def test_every_module_that_a_page_may_import_is_there():
    assert all((STATIC / path).is_file() for path in IMPORTS.values())
    imported = set(re.findall(r'(?:from|import) "organism/(\w+)\.js"', "".join(path.read_text() for path in (STATIC / "js").glob("*.js"))))
    assert imported <= set(MODULES)


def test_the_sprite_is_drawn_from_what_was_vendored():
    assert sprite(STATIC / "vendor" / "lucide-static") == (STATIC / "icons.svg").read_text()
