"""Publishes everything that is approved, and kills its own process when it reaches a given step.

Started by test_kills as a process of its own, with the clinic's folder and the assistant's address in the environment.
The model in use stands in for the learned one where a name is given as third argument: learning has its own tests.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "console.config.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402

from console.answers.models import Change, State  # noqa: E402
from console.people.models import Person  # noqa: E402
from console.publishing import learning, phrases, starting  # noqa: E402
from console.publishing.models import step_reached  # noqa: E402


def main() -> None:
    """Runs until the step is reached, or to the end."""
    deadly = sys.argv[1]

    def die(step: Any, **_: Any) -> None:
        if step == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    step_reached.connect(die, weak=False)
    learning.learn = same_model
    learning.compare = lambda folder: {"worse": False}
    starting.publish_changes(list(Change.objects.filter(state=State.APPROVED)), Person.objects.first())
    phrases.work_once()


def same_model(folder: Path, tell: Any) -> Path:
    """Puts the model in use where a learned one would be."""
    (folder / "models").mkdir()
    for name in (learning.MODEL, learning.STAMP):
        shutil.copy(settings.WORKPLACE / name, folder / name)
    return folder / learning.MODEL


if __name__ == "__main__":
    main()
