"""Sealing: JSON that only this installation can read, by a key that is not in the database."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(value: Any) -> str:
    """The JSON value, encrypted by the first of the keys."""
    return _box(tuple(settings.SEALING_KEYS)).encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()


def unseal(token: str) -> Any:
    """What was sealed by any of the keys; raises `CannotUnseal`."""
    try:
        return json.loads(_box(tuple(settings.SEALING_KEYS)).decrypt(token.encode()))
    except InvalidToken as error:
        raise CannotUnseal("sealed by a key that is not among SEALING_KEYS, or damaged") from error


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    """Any text is a key: its SHA-256 is what the cipher takes."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


class CannotUnseal(ValueError):
    """The key is not at hand."""
