"""What a drill is."""

from collections.abc import Callable

import msgspec

from tests.drills.stage import Stage


class Drill(msgspec.Struct, frozen=True):
    """A name and what is done; `vendor` is the one database that it is about, if there is but one.

    `play` returns what is worth telling; `told` says more about the place than the name does.
    """

    name: str
    play: Callable[[Stage], str]
    vendor: str = ""
    told: str = ""
