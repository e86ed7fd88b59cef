"""A port for operators, beside the public one: `/live`, `/ready` and `/metrics`. It knows no visitor and no text."""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Tuple

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from ketaguide.serving.health import Health

logger = logging.getLogger(__name__)

_JSON = "application/json"
Answer = Tuple[int, str, bytes]


def serve(health: Health, interface: str, port: int) -> None:
    """Answers on a thread of its own until the process ends; without the port the assistant runs all the same."""
    try:
        server = ThreadingHTTPServer((interface, port), _handler(health))
    except OSError as error:
        logger.warning("Port %d cannot be used for health and metrics (%s).", port, error.strerror)
        return
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="operations", daemon=True).start()


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "ketaguide", ""
        timeout = 10

        def do_GET(self) -> None:
            status, kind, body = _answer(health, self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            logger.debug("operations " + format, *arguments)

    return Handler


def _answer(health: Health, path: str) -> Answer:
    if path == "/live":
        alive = health.is_alive()
        return (200 if alive else 503), _JSON, json.dumps({"alive": alive}).encode()
    if path == "/ready":
        report = health.report()
        return (200 if report["ready"] else 503), _JSON, json.dumps(report).encode()
    if path == "/metrics":
        health.checks()
        return 200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY)
    return 404, _JSON, b'{"error": "only /live, /ready and /metrics are here"}'
