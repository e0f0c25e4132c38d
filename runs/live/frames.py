"""The frames that the server sends, as JSON text. Envelopes and runs come encoded already."""

from dataclasses import dataclass

import msgspec

from runs.reading.envelopes import Page


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of the journal, encoded once for everybody who stands at its beginning."""

    after: int
    to: int
    text: str


def envelopes_frame(page: Page) -> Frame:
    """The frame of a page that is not empty."""
    return Frame(page.after, page.to, page.as_json('"type":"envelopes"'))


def hello_frame(run: str, head: int) -> str:
    """The first frame: how the run stands, and how far its journal reaches."""
    return f'{{"type":"hello","run":{run},"head":{head}}}'


def welcome_frame(tenant: str) -> str:
    """The first frame of an overview."""
    return f'{{"type":"hello","tenant":{msgspec.json.encode(tenant).decode()}}}'


def status_frame(run: str) -> str:
    """A run stands differently now."""
    return f'{{"type":"status","run":{run}}}'


def end_frame(run: str, head: int) -> str:
    """The run is over, and everything was sent."""
    return f'{{"type":"end","run":{run},"head":{head}}}'


def error_frame(code: int, detail: str) -> str:
    """Why the socket is closed; servers that cannot send a reason with the close have said it here."""
    return msgspec.json.encode({"type": "error", "code": code, "detail": detail}).decode()
