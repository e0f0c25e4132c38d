"""Secrets that are shown once: what is kept of them is a digest."""

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """A secret of 256 bits; nobody guesses it, so its digest needs neither salt nor slowness."""
    return prefix + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
