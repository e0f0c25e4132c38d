#!/usr/bin/env python3
"""The front door: `python3 manage.py up`, `python3 manage.py test`, and every other command.

Any Python 3.11 or later will do to start it; the packages live in `.venv`, which is made on the way in.
"""

import os
import sys

from organism_web import bootstrap

if __name__ == "__main__":
    bootstrap.enter(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organism_web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
