"""Starting our own commands out of a process in which Django is set up: it need not be set up once more."""

import os
import runpy
import signal
import sys

from django.db import connections


def forked(command: list[str]) -> int:
    """The number of a child that becomes the command, `PYTHON -m MODULE …` or `PYTHON FILE …`, in a session of its own.

    Only for a process that has done nothing yet which a child may not share: it has one thread, and its connections are closed first.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _become(command[1:])
    return child


def _become(arguments: list[str]) -> None:
    code: object = 1
    try:
        os.setsid()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 -- whatever it is ends here, and not in the parent's frames
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))
