"""Asks the running assistant whether it says what was published: it counts only when it is heard."""

from __future__ import annotations

import time
from typing import Any, Mapping, Optional

from console.answers.content import facts
from console.assistant import client
from console.publishing import files, history
from console.publishing.models import Publish
from ketaguide.content.model import UTTER_PREFIX, Topic

ATTEMPTS = 3
BETWEEN_SECONDS = 0.5
WITHDRAWN = "withdrawn"


def contradiction(publish: Publish, which: str = "new") -> Optional[str]:
    """Returns what the assistant says otherwise than the publish's files in state `which`, or None if all fits.

    Raises:
        AssistantUnreachableError: if it does not run.
    """
    for attempt in range(ATTEMPTS):
        found = _contradiction(publish, which)
        if found is None:
            return None
        if attempt + 1 < ATTEMPTS:
            time.sleep(BETWEEN_SECONDS)
    return found


def _contradiction(publish: Publish, which: str) -> Optional[str]:
    for file, states in publish.files.items():
        text = states[which]
        if file == history.FACTS_FILE:
            found = _facts_contradiction()
        elif file.startswith("topics/") and text:
            found = _topic_contradiction(files.topic_in(file, text), publish)
        else:
            continue
        if found:
            return found
    return None


def _topic_contradiction(topic: Topic, publish: Publish) -> Optional[str]:
    try:
        said = client.ask(f"/{topic.id}", sender=f"check-{publish.pk}")
    except client.AssistantRefusedError as error:
        return str(error)
    spoken = next((one for one in said if one.get("utter_action") == UTTER_PREFIX + topic.id), None)
    if spoken is None:
        return f"the assistant did not speak “{topic.title}”"
    return None if _fits(spoken, topic) else f"the assistant still says other words for “{topic.title}”"


def _fits(spoken: Mapping[str, Any], topic: Topic) -> bool:
    if topic.withdrawn:
        return spoken.get("topic") == WITHDRAWN
    return spoken.get("content_version") == files.versions(topic).get(str(spoken.get("language")))


def _facts_contradiction() -> Optional[str]:
    try:
        spoken = client.state()["facts"]
    except client.AssistantRefusedError as error:
        return str(error)
    differing = [name for name, value in facts().items() if name != "approval_note" and spoken.get(name) != value]
    return f"the assistant still has the old {differing[0]}" if differing else None
