"""How log lines look: readable ones for a person, one JSON object a line for a machine."""

import sys
from typing import Any

import structlog

SHARED_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration_of_logs(*, level: str, as_json: bool) -> dict[str, Any]:
    """Set structlog up and give what Django's LOGGING wants; both kinds of logger come out the same way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_STEPS,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": _formatter(as_json)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django gives these two handlers of their own; without this each line would come twice.
        "loggers": {name: {"handlers": [], "level": level, "propagate": True} for name in ("django", "django.server")},
    }


def _formatter(as_json: bool) -> dict[str, Any]:
    last = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        # A rich traceback renders every local, which takes seconds under load and shows what nobody should see.
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
    )
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED_STEPS,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }
