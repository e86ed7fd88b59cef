"""Waits until the assistant and its action server answer, says what to open, then stays quiet until it is stopped."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request

MAX_WAIT_SECONDS = 180
# A proxy of the environment is not for addresses on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main() -> int:
    """Returns 1 if the servers do not come up in time, which stops the others too."""
    # Ctrl-C reaches every process; this one has nothing to clean up and nothing to say.
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: sys.exit(0))
    port, actions_port = os.environ["ASSISTANT_PORT"], os.environ["ACTIONS_PORT"]
    print("Starting (this takes about half a minute) …", flush=True)
    host = os.environ.get("ASSISTANT_HOST", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")
    if not _up(f"http://127.0.0.1:{actions_port}/health") or not _up(f"http://{host}:{port}/"):
        print("The servers did not start in time; their messages are above.", file=sys.stderr)
        return 1
    print(
        "\nThe assistant is ready.\n"
        f"  Open it:  http://{host}:{port}/\n"
        f"  Ask it:   curl -s http://{host}:{port}/webhooks/rest/webhook -H 'Content-Type: application/json' \\\n"
        """             -d '{"sender": "me", "message": "is it safe to drive home after?"}'\n"""
        "  Or talk to it in another terminal:  make shell\n"
        "  Change its answers:  make console  (first make console-account)\n"
        "  Stop it:  Ctrl-C\n",
        flush=True,
    )
    while True:
        signal.pause()


def _up(url: str) -> bool:
    until = time.monotonic() + MAX_WAIT_SECONDS
    while time.monotonic() < until:
        try:
            with _opener.open(url, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    return False


if __name__ == "__main__":
    sys.exit(main())
