"""Whoever answers effects. The only room of the suggestors from which anything outside is reached."""

from runs.suggestors.providers.provider import Call, ErrorKind, Provider, ProviderError, Terms

__all__ = ["Call", "ErrorKind", "Provider", "ProviderError", "Terms"]
