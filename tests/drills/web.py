"""kill -9 of the web server: while somebody watches, and while somebody decides a gate."""

from collections.abc import Iterator
from functools import partial
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.db import connections
from websockets.exceptions import ConnectionClosed

from runs.models import Gate, Run
from tests.drills.checks import check, undisturbed
from tests.drills.deeds import restart
from tests.drills.drill import Drill
from tests.drills.killing import waiting
from tests.drills.scene import question
from tests.drills.stage import WORDS, Process, Stage, patiently, until
from tests.house import a_member
from tests.live.client import address_of, browser, cookie_of
from tests.server import free_port

TOKEN = "drilldrilldrilldrilldrilldrill12"
PACE = 0.1


def serve(stage: Stage, port: int, **job: object) -> Process:
    """A web server that answers."""
    server = stage.start(what="web", port=port, **job)
    until(lambda: _answers(port), "serving")
    return server


def _answers(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5).close()
    except (URLError, ConnectionError):
        return False
    return True


def watching(stage: Stage, interrupt: str) -> str:
    """Somebody watches a run; coming back after the interruption they see every envelope once, up to the end."""
    reference = undisturbed(stage)
    port, member = free_port(), a_member("admin")
    server = serve(stage, port)
    run = stage.run(pace=PACE)
    address = f"http://127.0.0.1:{port}"
    with stage.process():
        seen, ended = _watch(stage, address, run, member, 0, lambda one: one.cursor >= 3 and _interrupt(interrupt, server))
        connections.close_all()
        if interrupt == "kill":
            until(lambda: server.has_ended, "ending")
            server = serve(stage, port)
        run = stage.finish(run)
        while not ended:
            seen_now, ended = _watch(stage, address, run, member, len(seen))
            seen += seen_now
    assert [envelope["seq"] for envelope in seen] == list(range(1, run.head + 1))
    check(stage, run, reference)
    return f"{len(seen)} envelopes"


def _watch(stage: Stage, address: str, run: Run, member, after: int, look=lambda one: False) -> tuple[list[dict], bool]:
    """Watch until the end of the run or of the connection, and decide what comes up meanwhile."""
    looked = ended = False
    with browser(address_of(address, run, after), member, after=after) as one:
        try:
            while not ended:
                frame = one.receive()
                ended = frame["type"] == "end"
                if any(envelope["kind"] == "GateRequested" for envelope in frame.get("envelopes", ())):
                    patiently(lambda: stage.decide(run))
                looked = looked or bool(look(one))
        except ConnectionClosed:
            pass
        return one.envelopes, ended


def _interrupt(how: str, server: Process) -> bool:
    if how == "kill":
        server.tell(9)
    else:
        restart()
    return True


def deciding(stage: Stage, place: str, text: str = "") -> str:
    """The server dies while it records a decision or an answer: it is recorded whole or not at all, and can be made again if not."""
    reference = undisturbed(stage, text or "scene", text)
    run, port = waiting(stage, text), free_port()
    gate = Gate.objects.pending().get(run=run)
    server = serve(stage, port, place=place)
    assert decide(port, gate) is None
    until(lambda: server.has_ended, "dying")
    gate.refresh_from_db()
    recorded = gate.status == "approved"
    assert recorded is (place == "rung")
    serve(stage, port)
    assert decide(port, gate) == 200
    gate.refresh_from_db()
    assert gate.status == "approved"
    with stage.process():
        run = stage.finish(run)
    check(stage, run, reference)
    return "recorded" if recorded else "decided again"


def cancelling(stage: Stage, place: str) -> str:
    """The server dies while it cancels a run that waits: it is cancelled whole or not at all."""
    undisturbed(stage)
    run, port = waiting(stage), free_port()
    server = serve(stage, port, place=place)
    address = f"/t/acme/runs/{run.uuid}/cancel/"
    assert post(port, address, "admin") is None
    until(lambda: server.has_ended, "dying")
    recorded = Run.objects.get(pk=run.pk).status == "cancelled"
    assert recorded is (place == "rung")
    serve(stage, port)
    assert post(port, address, "admin") == 200
    run = Run.objects.get(pk=run.pk)
    assert run.status == "cancelled"
    check(stage, run)
    return "recorded" if recorded else "cancelled again"


def decide(port: int, gate: Gate) -> int | None:
    """Say in the browser what the operator says."""
    words = WORDS[gate.kind]
    said = {"verdict": words["verdict"]} | ({"field-": words["answer"]} if "answer" in words else {})
    return post(port, f"/t/acme/gates/{gate.pk}/decide/", "approver", **said)


def post(port: int, address: str, role: str, **fields: str) -> int | None:
    """Send a form; the status of the page that follows, None when nobody answers."""
    body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN}).encode()
    cookie = cookie_of(a_member(role))["Cookie"] + f"; csrftoken={TOKEN}"
    request = Request(f"http://127.0.0.1:{port}{address}", body, {"Cookie": cookie})
    try:
        with urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except (URLError, ConnectionError):
        return None


def drills(stage: Stage) -> Iterator[Drill]:
    """All of them."""
    yield Drill("web-watching-kill", partial(watching, interrupt="kill"))
    yield Drill("web-watching-restart", partial(watching, interrupt="restart"), "postgresql")
    for place in ("flush", "inside", "flushed", "rung"):
        yield Drill(f"web-deciding-{place}", partial(deciding, place=place))
        yield Drill(f"web-answering-{place}", partial(deciding, place=place, text=question()))
        yield Drill(f"web-cancelling-{place}", partial(cancelling, place=place))
