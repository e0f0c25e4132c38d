"""Settings of providers: read strictly, all faults at once; secrets are kept apart."""

import json

import pytest

from runs.suggestors import DocumentInvalid
from runs.suggestors.document import document_of
from runs.suggestors.providers import ErrorKind
from runs.suggestors.providers.kinds import KINDS, UnknownProviderKind, form_of, read_settings, secret_part, shown
from tests.server import ROOT


def faults(kind, settings):
    with pytest.raises(DocumentInvalid) as caught:
        read_settings(kind, settings)
    return caught.value.errors


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({}, [("hosts", "is required")]),
        ([], [("", "expected an object, not a list")]),
        ({"hosts": ["a"], "urls": 1}, [("urls", "unknown field; allowed: ")]),
        ({"hosts": ["a", 1, " "], "url": "https://a/"}, [("hosts[1]", "expected text"), ("hosts[2]", "must not be blank")]),
        ({"hosts": ["a"], "url": "https://b/"}, [("url", "'b:443' is not among the allowed hosts")]),
        ({"hosts": ["a"], "networks": ["10.0.0.1/8"]}, [("networks", "'10.0.0.1/8' is no network such as 10.1.0.0/16")]),
        ({"hosts": ["a"], "prices": "none"}, [("prices", "unknown table 'none'; allowed: anthropic, openai, free")]),
        ({"hosts": ["a"], "headers": {"a b": "c", "d": "e\nf"}}, [("headers", "'a b' is no header"), ("headers", "'d' is no header")]),
        ({"hosts": ["a"], "secret_headers": {"A": "é"}}, [("secret_headers", "'A' is no header with a value of visible ASCII")]),
        ({"hosts": ["a"], "headers": {"A": 1}}, [("headers.A", "expected text"), ("headers", "'A' is no header")]),
        ({"hosts": ["a"], "timeout_seconds": 0}, [("timeout_seconds", "must be more than 0")]),
        ({"hosts": ["a"], "kind": "scripted"}, [("kind", "unknown value 'scripted'; allowed: http")]),
        ({"hosts": ["a"], "max_bytes": 50 * 2**20}, [("max_bytes", "must be at most 16777216")]),
        ({"hosts": ["a"], "headers": {"A": "\ud800"}}, [("headers.A", "holds a lone surrogate at character 0"), ("headers", "'A' is no")]),
    ],
)
def test_every_fault_is_told_with_its_path(given, errors):
    found = faults("http", given)
    assert [path for path, _ in found] == [path for path, _ in errors]
    assert all(words in message for (_, message), (_, words) in zip(found, errors, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_that_describes_its_fields(kind):
    from msgspec.json import schema

    fields = schema(form_of(kind))["$defs"][form_of(kind).__name__]["properties"]
    assert all("description" in field for field in fields.values())


def test_an_unknown_kind_names_the_allowed_ones():
    with pytest.raises(UnknownProviderKind, match="unknown kind 'soap'; allowed: anthropic, http, openai, scripted"):
        read_settings("soap", {})


def test_secrets_are_shown_by_name_only():
    settings = {"hosts": ["a"], "secret_headers": {"Authorization": "Bearer x"}}
    assert secret_part("http", settings) == {"secret_headers": {"Authorization": "Bearer x"}}
    assert shown("http", settings) == {"hosts": ["a"], "secret_headers": {"Authorization": "•••"}}


def test_a_fault_never_tells_the_value_of_a_secret():
    assert "sesame" not in str(faults("http", {"hosts": ["a"], "secret_headers": {"A": "sesame\n"}}))


def test_the_readme_names_every_kind_and_its_example_can_be_read():
    chapter = (ROOT / "README.md").read_text().partition("## Effects and providers")[2].partition("\n## ")[0]
    assert [kind for kind in KINDS if f"\n| `{kind}` |" not in chapter] == []
    assert [kind for kind in ErrorKind if f"`{kind}`" not in chapter] == []
    example = json.loads(chapter.partition("```json\n")[2].partition("```")[0])
    assert list(document_of({"schema": "organism.formation/v1", "label": "x"} | example).providers()) == ["oracle"]
