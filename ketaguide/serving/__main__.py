"""Starts the assistant: `python -m ketaguide.serving`. Plain `rasa run` works too; this start is quieter.

It also starts without a model, so that crisis messages are answered while one is being made.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Any, Callable, Coroutine

# Before Rasa is imported: nothing phones home, and libraries keep their advice to their developers to themselves.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# An access log would hold visitors' addresses.
os.environ["SANIC_ACCESS_LOG"] = "false"
# One thread for linear algebra: more of them only wait for each other on vectors this small.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

SWITCH_SECONDS = 0.001
DEFAULT_MODEL = "models/assistant.tar.gz"


def main() -> None:
    """Serves the channels of `credentials.yml` until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m ketaguide.serving", description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--interface", default="127.0.0.1", help="0.0.0.0 to be reached from other machines")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument("--actions-port", type=int, help="where the action server listens, if not as in the endpoints")
    parser.add_argument("--operations-port", type=int, default=0, help="for /live, /ready and /metrics; 0 for none")
    parser.add_argument("--operations-interface", default="127.0.0.1", help="never one that the public reaches")
    options = parser.parse_args()
    _quieten_developer_warnings()

    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.exceptions import RasaException
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from ketaguide.serving import logs
    from ketaguide.serving.stores.broker import DetachedBroker

    # Threads that run Python beside each other change places sooner: a message is read by three of them.
    sys.setswitchinterval(SWITCH_SECONDS)
    level = getattr(logging, os.environ.get("LOG_LEVEL", "").upper(), logging.INFO)
    logs.configure(level)
    configure_logging_and_warnings(level)
    configure_structlog(level)
    endpoints = AvailableEndpoints.read_endpoints(options.endpoints)
    if options.actions_port and endpoints.action:
        endpoints.action.url = f"http://127.0.0.1:{options.actions_port}/webhook"
    if endpoints.event_broker:
        endpoints.event_broker = DetachedBroker(endpoints.event_broker)
    try:
        rasa.core.run.serve_application(
            options.model,
            credentials=options.credentials,
            endpoints=endpoints,
            interface=options.interface,
            port=options.port,
            # The API reads and deletes conversations and models: it stays off the public port.
            enable_api=False,
            server_listeners=[(_after_start(options), "after_server_start")],
        )
    except RasaException as error:
        # Settings that cannot work: what to do about it stands in the message, and a traceback would bury it.
        sys.exit(str(error))


def _after_start(options: argparse.Namespace) -> Callable[[Any, asyncio.AbstractEventLoop], Coroutine[Any, Any, None]]:
    """Returns what is started once the server is up: the operators' port, and the watch for a new model."""

    async def start(app: Any, loop: asyncio.AbstractEventLoop) -> None:
        from ketaguide.serving import guard, operations
        from ketaguide.serving.health import Health
        from ketaguide.serving.model_loading import settle
        from ketaguide.serving.model_watch import ModelWatch

        settle()
        app.add_task(ModelWatch(app.ctx.agent, Path(options.model)).run())
        health = Health(lambda: app.ctx.agent, guard.installed)
        health.watch(loop)
        if options.operations_port:
            operations.serve(health, options.operations_interface, options.operations_port)

    return start


def _quieten_developer_warnings() -> None:
    # Not by a warnings filter: some libraries reset those when they are imported.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(lambda record: "DeprecationWarning" not in record.getMessage())


if __name__ == "__main__":
    main()
