"""What a new installation shows: whom to sign in as, and whether it was made. Making it stands apart, for it needs the whole house."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from runs.actions.tenants import UnableToChooseTenant, console

TENANT, EMAIL = "demo", "demo@organism.example"


def is_there() -> bool:
    """Whether the demo was made before."""
    try:
        console(TENANT)
    except UnableToChooseTenant:
        return False
    return True


def password() -> str:
    """The password that the demo's member was given; kept where only the installation's owner reads it."""
    path = Path(settings.STATE_DIR) / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(9) + "\n")
    return path.read_text().strip()
