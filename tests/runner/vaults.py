"""A provider that hides what goes in and what comes out, and where its secrets could show."""

import json

from runs.journal import append
from runs.models import Provider, Run
from tests.documents import document
from tests.house import a_tenant
from tests.runner.asking import asks

GIVEN = {"user": "ada", "password": "sesame"}
SAID = {"n": 1, "token": {"value": "open-42"}}
SECRETS = ("sesame", "open-42")


def a_vault() -> Provider:
    """The provider."""
    settings = {"answers": [{"input": GIVEN, "output": SAID}], "hidden": ["password", "token"]}
    return Provider.objects.create(tenant=a_tenant(), name="vault", kind="scripted", settings=json.dumps(settings))


def a_document(*more, tool="vault", **members):
    return document("Vault", [asks("ada", (tool, GIVEN), *more)], **members)


def journal_of(run: Run) -> str:
    return "\n".join(run.envelopes.values_list("body", flat=True))


def leaks(run: Run) -> list[str]:
    """Secrets that stand anywhere in the journal, in the projections, or in the run."""
    told = [journal_of(run), *map(str, run.effects.values_list()), *map(str, run.gates.values_list())]
    return [secret for secret in SECRETS if any(secret in text for text in told)]


def dying_after(phase, error):
    def deadly(run, batches, **keywords):
        append(run, batches, **keywords)
        if any(row.data and row.data.get("phase") == phase for _, rows in batches for row in rows):
            raise error

    return deadly
