"""The icons and the strip."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from organism_web.vendor import sprite
from runs.pages.strip import TALL, strip
from runs.reading.strip import Column
from runs.reading.words import STATUSES
from runs.templatetags.organism import IMPORTS, MODULES

STATIC = Path(settings.BASE_DIR) / "static"
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))


def column(first: int, promoted: int, rejected: int = 0) -> Column:
    return Column(first, first, promoted, rejected, 0, 0, 0)


def test_bars_stand_on_one_scale_from_zero():
    small, large = strip([column(0, 10), column(1, 30, 10)]).cells
    assert (small.promoted, large.promoted, large.rejected) == (10.0, 30.0, 10.0)
    assert small.promoted_y == TALL - 10
    assert large.rejected_y == 0


def test_the_smallest_bar_is_still_seen():
    assert strip([column(0, 1), column(1, 5000)]).cells[0].promoted == 2.0


def test_a_cell_says_its_numbers():
    cell = strip([Column(3, 5, 1200, 2, 1, 0, 0)]).cells[0]
    assert cell.says == "Cycles 3–5: 1\u202f200 promoted, 2 rejected, 1 effect"
    assert cell.query == "3-5"


@pytest.mark.parametrize("count", [0, 1, 60, 61, 110, 160])
def test_a_strip_of_any_length_is_drawn(count):
    assert len(strip([column(number, number) for number in range(count)]).cells) == count


def test_every_icon_that_a_page_names_is_in_the_sprite():
    templates = "".join(path.read_text() for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    scripts = "".join(path.read_text() for path in (STATIC / "js").glob("*.js"))
    named = set(re.findall(r'{% icon "([^"]+)"', templates)) | set(re.findall(r'name="([a-z-]+)" />', scripts))
    named |= {status.icon for status in STATUSES.values()}
    assert named - SPRITE == set()


def test_every_module_that_a_page_may_import_is_there():
    assert all((STATIC / path).is_file() for path in IMPORTS.values())
    imported = set(re.findall(r'from "organism/(\w+)\.js"', "".join(path.read_text() for path in (STATIC / "js").glob("*.js"))))
    assert imported <= set(MODULES)


def test_the_sprite_is_drawn_from_what_was_vendored():
    assert sprite(STATIC / "vendor" / "lucide-static") == (STATIC / "icons.svg").read_text()
