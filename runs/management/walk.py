"""Walking every address of the house as people who have no business there.

Two tenants are made and thrown away again: all of it happens in one transaction that is never committed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from runs.actions.drafts import draft_for
from runs.actions.formations import create_formation
from runs.actions.providers import set_provider
from runs.actions.runs import start_run
from runs.actions.tenants import add_member, console, create_tenant
from runs.actions.tokens import make_token
from runs.reading.audit import Wanted, audit_page
from runs.reading.following import followed_run
from runs.reading.members import membership_of
from runs.reading.tenancy import ROLES

#: Stands in everything of the tenant that is walked; whoever else is shown it has seen what is not theirs.
CANARY = "canary-3f9c51"
THEIRS, OTHERS = "selftest-walked", "selftest-strange"
DOCUMENT = f'{{"schema":"organism.formation/v1","label":"{CANARY}","team":[],"seeds":[]}}'
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
#: What a deed in the audit log takes; one that is not named here is a leak until somebody enters it.
TAKES = {
    **dict.fromkeys(("start_run", "cancel_run", "start_tournament"), "run"),
    **dict.fromkeys(("create_formation", "publish_version", "open_draft", "discard_draft", "restore_version"), "author"),
    **dict.fromkeys(("make_token", "revoke_token", "save_view", "forget_view"), "view"),
    "verify_run": "verify",
}


@dataclass
class Tried:
    """What was tried, how often it was refused, and what went through that must not."""

    tries: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    addresses: int = 0
    #: Addresses that show an admin of the tenant what is theirs: without them the refusals would prove nothing.
    shown: int = 0

    def note(self, who: str, refused: bool, leak: str = "") -> None:
        """One try."""
        self.tries[who] += 1
        self.refusals[who] += refused
        if leak:
            self.leaks.append(f"{who}: {leak}")


def walk() -> Tried:
    """Walk it all; nothing of it stays."""
    with transaction.atomic():
        tried = _Walk().walked()
        transaction.set_rollback(True)
    return tried


class _Walk:
    """One tenant with something of every sort in it, and those who knock."""

    def __init__(self) -> None:
        for slug in (THEIRS, OTHERS):
            create_tenant(by="selftest", slug=slug, name=f"{CANARY} Ltd" if slug == THEIRS else "Strangers")
        self.by, self.tried = console(THEIRS), Tried()
        self.members = {role: add_member(by=self.by, email=f"{role}@{CANARY}.example", role=role) for role in ROLES}
        self.stranger = add_member(by=console(OTHERS), email="admin@strangers.example", role="admin")
        version = create_formation(by=self.by, document=DOCUMENT)
        self.run = start_run(by=self.by, version=version)
        token = make_token(by=self.members["admin"], member=self.members["admin"], name=CANARY).token
        made = make_token(by=self.stranger, member=self.stranger, name="strange", scopes=["run", "decide", "administer"])
        self.token_client = Client(headers={"Host": _host(), "Authorization": f"Bearer {made.secret}"})
        set_provider(by=self.by, name=CANARY, kind="scripted", settings={"answers": []})
        slug = version.formation.slug
        self.parts = {"tenant": THEIRS, "uuid": self.run.uuid, "formation": slug, "slug": slug, "token": token.pk}
        self.parts["draft"] = draft_for(by=self.members["admin"], formation=version.formation).pk
        self.parts |= {
            "number": self.members["viewer"].pk,
            "gate": 1,
            "name": CANARY,
            "form": "json",
            "seq": 1,
            "what": "votes",
            "secret": "none",
        }

    def walked(self) -> Tried:
        """Knock at every door."""
        every = sorted(set(addresses(self.parts)))
        self.tried.addresses = len(every)
        people = {"nobody": Client(headers={"Host": _host()}), "stranger": _signed_in(self.stranger), "stranger's token": self.token_client}
        for who, client in people.items():
            for path in every:
                self._knock(who, client, "get", path)
                self._knock(who, client, "post", path)
        clients = {role: _signed_in(member) for role, member in self.members.items()}
        owner = clients.pop("admin")
        for role, client in clients.items():
            for path in every:
                self._knock(role, client, "post", path)
        self._sockets()
        self.tried.shown = sum(CANARY in _text(owner.get(path, secure=settings.SECURE_SSL_REDIRECT)) for path in every)
        return self.tried

    def _knock(self, who: str, client: Client, method: str, path: str) -> None:
        before = self._head()
        with transaction.atomic():
            answer = getattr(client, method)(path, secure=settings.SECURE_SSL_REDIRECT)
            done = self._done_since(before)
            transaction.set_rollback(True)
        shown = method == "get" and CANARY in _text(answer) and who not in ROLES
        faults = [f"{method.upper()} {path} shows what is theirs"] if shown else []
        faults += [f"{method.upper()} {path} did {action}" for action in done if not self._allowed(who, action)]
        faults += [f"{method.upper()} {path} broke: {answer.status_code}"] if answer.status_code >= 500 else []
        self.tried.note(who, answer.status_code in (302, 401, 403, 404, 405, 409) and not faults, "; ".join(faults))

    def _head(self) -> int:
        return next((entry.pk for entry in audit_page(self.by, Wanted()).entries), 0)

    def _done_since(self, head: int) -> list[str]:
        return [entry.action for entry in audit_page(self.by, Wanted()).entries if entry.pk > head]

    def _allowed(self, who: str, action: str) -> bool:
        takes = "decide" if action.endswith("_gate") else TAKES.get(action, "administer")
        return who in self.members and self.members[who].may(takes)

    def _sockets(self) -> None:
        """The same look-ups by which the sockets admit."""
        for says, look in (
            ("socket of a run", lambda user: followed_run(user, THEIRS, str(self.run.uuid))),
            ("socket of a tenant", lambda user: membership_of(user, THEIRS)),
        ):
            try:
                look(self.stranger.user)
                self.tried.note("stranger", False, f"{says} lets in")
            except (ObjectDoesNotExist, LookupError):
                self.tried.note("stranger", True)


def addresses(parts: dict[str, Any], patterns: Any = None, before: str = "/") -> Iterator[str]:
    """Every address, filled with what belongs to the walked tenant. Raises `UnknownPart` for a part that nobody fills in."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from addresses(parts, each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            route = before + str(each.pattern)
            if not route.startswith(("/accounts/", "/admin/")):
                yield _filled(route, parts)
            elif route.startswith("/admin/runs/"):
                yield re.sub(r"<[^>]*>", "1", route)


def _filled(route: str, parts: dict[str, Any]) -> str:
    def fill(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise UnknownPart(f"{route}: nothing is known to put in the place of '{match[1]}'")
        return str(parts[match[1]])

    return re.sub(r"<(?:\w+:)?(\w+)>", fill, route)


def _signed_in(member: Any) -> Client:
    client = Client(headers={"Host": _host()})
    client.force_login(member.user, backend=BACKEND)
    return client


def _host() -> str:
    return settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"


def _text(answer: Any) -> str:
    if answer.status_code >= 300:
        return ""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode(errors="replace"))


class UnknownPart(LookupError):
    """An address has a part that the walk does not know."""
