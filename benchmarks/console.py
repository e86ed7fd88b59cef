"""Prints how long a publish takes from the button to a visitor, and what a visitor waits while a model changes.

Run it with `python -m benchmarks.console` after `make train`. Starts an assistant of its own on a copy of the project.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, List

from tests.console.real import RealClinic

ROUNDS = 7
TOPIC = "driving"
ASKED = "can i drive home after the infusion?"
QUESTION = "may i steer the forklift of my uncle on tuesday if the drip was on monday"
BETWEEN_SECONDS = 0.3


class Visitor:
    """Keeps asking, and remembers how long each reply took."""

    def __init__(self, clinic: RealClinic) -> None:
        self._clinic, self._stopped = clinic, threading.Event()
        self.waits: List[float] = []
        self._thread = threading.Thread(target=self._chat, daemon=True)

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stopped.set()
        self._thread.join()

    def _chat(self) -> None:
        while not self._stopped.wait(BETWEEN_SECONDS):
            started = time.perf_counter()
            self._clinic.say("chatting", ASKED)
            self.waits.append(time.perf_counter() - started)


def main() -> None:
    """Measures both lanes and prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = RealClinic(Path(folder) / "clinic").go()
        try:
            _open_console(clinic)
            _words(clinic)
            _questions(clinic)
        finally:
            clinic.stop()


def _open_console(clinic: RealClinic) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "console.config.settings"
    os.environ["CONSOLE_WORKPLACE"] = str(clinic.path)
    os.environ["ASSISTANT_URL"] = clinic.address
    import django

    django.setup()
    from django.core.management import call_command

    from console.people.models import Person

    call_command("migrate", verbosity=0)
    Person.objects.create_person("nora", "Nora", "nurse", None)


def _words(clinic: RealClinic) -> None:
    from console.answers import content
    from console.people.models import Person
    from console.publishing import starting
    from console.publishing.models import Progress

    took: List[float] = []
    for _ in range(ROUNDS):
        topic, person = content.topic_or_404(TOPIC), Person.objects.get()
        before = clinic.spoken(ASKED)["text"]
        started = time.perf_counter()
        step = starting.put_back if topic.withdrawn else starting.withdraw
        done = step(topic, person, "measuring")
        after = clinic.spoken(ASKED)["text"]
        took.append(time.perf_counter() - started)
        assert done.progress == Progress.LIVE, done.message
        assert after != before
    print(f"words, from the button to a visitor's reply with them ({ROUNDS} times): ", end="")
    print(f"median {statistics.median(took):.2f} s, most {max(took):.2f} s")


def _questions(clinic: RealClinic) -> None:
    from console.answers import content, drafts
    from console.people.models import Person
    from console.publishing import phrases, starting

    with Visitor(clinic) as quiet:
        time.sleep(10)
    person = Person.objects.get()
    change = drafts.start(content.topic_or_404("alcohol"), person)
    examples = [*change.values["examples"], QUESTION]
    change = drafts.save(change, {"examples": examples}, person, change.revision, "measuring")
    publish = starting.publish_changes([drafts.send(change, person, "measuring")], person)
    started = time.perf_counter()
    with Visitor(clinic) as visitor:
        phrases.run(publish)
    took = time.perf_counter() - started
    publish.refresh_from_db()
    print(f"questions: {publish.get_progress_display()} after {took:.0f} s: learning, testing and handing over")
    for when, waits in (("before", quiet.waits), ("meanwhile", visitor.waits)):
        median, most = statistics.median(waits), max(waits)
        print(f"a visitor's wait {when}: median {median:.2f} s, most {most:.2f} s ({len(waits)} replies)")


if __name__ == "__main__":
    main()
