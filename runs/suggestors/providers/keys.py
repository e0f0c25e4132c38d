"""Keys that stand in the environment: read when a model is asked, and kept nowhere.

Only names that begin with `PROVIDER_KEY_` are looked up, so that no provider's settings can reach the installation's own secrets.
"""

import os
import re

from runs.suggestors.providers.provider import ErrorKind, ProviderError
from runs.suggestors.providers.web import can_be_sent

PREFIX = "PROVIDER_KEY_"
_NAME = re.compile(PREFIX + r"[A-Z0-9_]+")


def is_name_of_key(name: str) -> bool:
    """Whether a provider may read its key from the environment variable of that name."""
    return _NAME.fullmatch(name) is not None


def key_named(name: str) -> str:
    """The key as the environment has it now; raises `ProviderError`."""
    key = os.environ.get(name, "").strip() if is_name_of_key(name) else ""
    if not can_be_sent(key):
        raise ProviderError(ErrorKind.DENIED, f"the environment variable {name} holds no key")
    return key
