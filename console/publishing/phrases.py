"""The lane for questions: learn beside the model in use, test, and only then hand everything over at once."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Optional

from django.conf import settings
from django.utils import timezone

from console.assistant import client
from console.publishing import files, learning, words
from console.publishing.confirming import contradiction
from console.publishing.learning import MODEL, STAMP, LearningFailedError
from console.publishing.locks import files_lock, learning_lock
from console.publishing.models import Lane, Progress, Publish, Step

logger = logging.getLogger(__name__)

EARLIER = Path("models") / "earlier"
KEPT_MODELS = 5
NOT_HEARD = "The assistant stopped while it was handed over, so everything is as before. Publish again when it runs."


def work_once() -> bool:
    """Does the oldest queued publish, if no other process is learning; tells whether there was one."""
    with learning_lock() as had:
        publish = _next() if had else None
        if publish is None:
            return False
        run(publish)
        return True


def _next() -> Optional[Publish]:
    found: Optional[Publish] = (
        Publish.objects.filter(lane=Lane.PHRASES, progress=Progress.QUEUED).order_by("id").first()
    )
    return found


def run(publish: Publish) -> Publish:
    """Takes one publish through all steps; whatever happens, either all of it is live or nothing is changed."""
    try:
        return _run(publish)
    except LearningFailedError as error:
        return words.stop(publish, str(error))
    except Exception as error:
        logger.exception("A publish failed.")
        if publish.step in (Step.SAVE, Step.SWAP, Step.CONFIRM):
            return undo(
                publish, f"Everything is as before, because of a fault of the console ({type(error).__name__})."
            )
        return words.stop(publish, f"Nothing was changed, because of a fault of the console ({type(error).__name__}).")
    finally:
        if publish.is_finished:
            learning.discard(publish.pk)


def _run(publish: Publish) -> Publish:
    publish.reach(Step.CHECK)
    if not files.are(publish.files, "old"):
        return words.stop(publish, words.CHANGED_MEANWHILE)
    publish.reach(Step.LEARN)
    folder = learning.prepare(publish.pk, publish.files)
    learning.learn(folder, lambda line: _tell(publish, line))
    publish.reach(Step.TEST)
    report = learning.compare(folder)
    publish.report = {**publish.report, **report}
    publish.save(update_fields=["report"])
    if report["worse"]:
        return words.ended(publish, Progress.REFUSED, _refusal(report["lost"]))
    with files_lock():
        if not files.are(publish.files, "old"):
            return words.stop(publish, words.CHANGED_MEANWHILE)
        return hand_over(publish)


def hand_over(publish: Publish) -> Publish:
    """Saves files and model and makes the assistant use them. Can be repeated. The caller holds the files' lock."""
    publish.reach(Step.SAVE)
    _keep_present_model(publish)
    files.write(publish.files, "new")
    _place(learning.stage_folder(publish.pk))
    publish.reach(Step.SWAP)
    try:
        client.load_model(settings.WORKPLACE / MODEL)
        publish.reach(Step.CONFIRM)
        found = contradiction(publish)
    except client.AssistantUnreachableError:
        return undo(publish, NOT_HEARD)
    except client.AssistantRefusedError as error:
        return undo(publish, f"Everything is as before: {error}")
    return undo(publish, f"Everything is as before, because {found}.") if found else words.go_live(publish)


def undo(publish: Publish, message: str) -> Publish:
    """Brings back files and model, and makes the assistant use them if it runs."""
    kept = _kept_model(publish)
    if kept.exists():
        _replace(kept, settings.WORKPLACE / MODEL)
        if kept.with_suffix(".txt").exists():
            _replace(kept.with_suffix(".txt"), settings.WORKPLACE / STAMP)
        try:
            client.load_model(settings.WORKPLACE / MODEL)
        except (client.AssistantUnreachableError, client.AssistantRefusedError) as error:
            logger.warning("The assistant could not be told to use the model before: %s", error)
    return words.restore(publish, message)


def _tell(publish: Publish, line: str) -> None:
    publish.report = {**publish.report, "learning": [*publish.report.get("learning", [])[-8:], line]}
    publish.save(update_fields=["report"])


def _refusal(lost: list) -> str:
    return (
        f"Not live: {len(lost)} questions that are answered rightly now would not be any more. They are listed below. "
        "Word the new questions more closely to their own answer, then publish again."
    )


def _kept_model(publish: Publish) -> Path:
    folder: Path = settings.WORKPLACE / EARLIER
    return folder / f"before-{publish.pk:06}.tar.gz"


def _keep_present_model(publish: Publish) -> None:
    kept, present = _kept_model(publish), settings.WORKPLACE / MODEL
    if kept.exists() or not present.exists():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    if (settings.WORKPLACE / STAMP).exists():
        _replace(settings.WORKPLACE / STAMP, kept.with_suffix(".txt"))
    _replace(present, kept)
    for old in sorted(kept.parent.glob("before-*.tar.gz"))[:-KEPT_MODELS]:
        old.unlink()
        old.with_suffix(".txt").unlink(missing_ok=True)


def _place(folder: Path) -> None:
    _replace(folder / STAMP, settings.WORKPLACE / STAMP)
    _replace(folder / MODEL, settings.WORKPLACE / MODEL)


def _replace(source: Path, target: Path) -> None:
    """Copies a file in one step: whoever reads the target finds the old or the new one."""
    temporary = target.with_name(f".{target.name}.{timezone.now():%H%M%S%f}")
    shutil.copyfile(source, temporary)
    temporary.replace(target)
