"""What is kept: fields, constraints and querysets, no workflow."""

from runs.models.tenants import User

__all__ = ["User"]
