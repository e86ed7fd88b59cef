"""Makes training data of topic files: one intent, its examples, one rule and one constant stub response each.

The stub keeps the words out of the model, so that a changed comma trains nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, Optional, Union

import rasa.shared.utils.common
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from ketaguide.content.follow_ups import load_follow_ups
from ketaguide.content.load import load_library
from ketaguide.content.model import UTTER_PREFIX, Topic
from ketaguide.safety.verdict import CRISIS_KINDS
from ketaguide.understanding.quick_prints import QuickMessage
from ketaguide.understanding.sign_classifier import SIGN_KEY

CONTENT_FOLDERS = ("topics", "replies", "crisis")
# Their words are fixed texts below data/crisis, chosen by kind, country and language.
CRISIS_RESPONSES = (
    *(f"crisis_{kind}" for kind in CRISIS_KINDS),
    "support_distress",
    "crisis_followup",
    "crisis_hold",
    "emergency_languages",
)
# Spoken only if the live words cannot be had at all.
STUB = (
    "I can't show this answer right now. Please ask the clinic. If you or someone else is in danger, "
    "call your local emergency number."
)


class TopicImporter(RasaFileImporter):
    """Rasa's own file importer, with the topic files added."""

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Optional[Union[List[str], str]] = None,
    ) -> None:
        """Construct the importer; the content folder is the training data folder that has `topics` in it."""
        super().__init__(config_file, domain_path, training_data_paths)
        self._data_folder = _content_folder(config_file, training_data_paths)
        # Rasa takes a file for training data by a single line, even one inside an answer.
        self._nlu_files: List[str] = [file for file in self._nlu_files if not self._is_content(file)]
        self._story_files: List[str] = [file for file in self._story_files if not self._is_content(file)]

    def _is_content(self, file: str) -> bool:
        return any(self._data_folder / folder in Path(file).resolve().parents for folder in CONTENT_FOLDERS)

    @rasa.shared.utils.common.cached_method
    def _topics(self) -> Mapping[str, Topic]:
        return load_library(self._data_folder).topics

    @rasa.shared.utils.common.cached_method
    def _reply_ids(self) -> List[str]:
        return list(load_library(self._data_folder).replies)

    def get_domain(self) -> Domain:
        """Returns the domain file with intents and stub responses of all content merged in."""
        ids = [*self._topics(), *self._reply_ids(), *CRISIS_RESPONSES]
        responses: Dict[str, List[Dict[str, str]]] = {UTTER_PREFIX + id_: [{"text": STUB}] for id_ in ids}
        return super().get_domain().merge(Domain.from_dict({"intents": list(self._topics()), "responses": responses}))

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """Returns the examples of Rasa's own files, of all topics, and of follow-ups, which have no intent."""
        examples = [
            QuickMessage({TEXT: text, INTENT: topic.id})
            for topic in self._topics().values()
            for text in dict.fromkeys((topic.question, topic.title, *topic.examples))
        ]
        assert all(example.get(TEXT) and example.get(INTENT) for example in examples)
        examples += [
            QuickMessage({TEXT: text, SIGN_KEY: sign})
            for sign, texts in load_follow_ups(self._data_folder).items()
            for text in texts
        ]
        return super().get_nlu_data(language).merge(TrainingData(training_examples=examples))

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """Returns the rules of Rasa's own files and one rule per topic: asked, answered."""
        rules = {
            "version": "3.1",
            "rules": [
                {"rule": f"answer {id_}", "steps": [{"intent": id_}, {"action": UTTER_PREFIX + id_}]}
                for id_ in self._topics()
            ],
        }
        steps = YAMLStoryReader(self.get_domain()).read_from_parsed_yaml(rules)
        return super().get_stories(exclusion_percentage).merge(StoryGraph(steps))


def _content_folder(config_file: Optional[str], paths: Optional[Union[List[str], str]]) -> Path:
    """Returns the folder with `topics/`: among the training data paths, else beside the configuration file."""
    given = [paths] if isinstance(paths, str) else list(paths or [])
    candidates = [Path(path) for path in given]
    candidates.append((Path(config_file).parent if config_file else Path(".")) / "data")
    for folder in candidates:
        if (folder / "topics").is_dir():
            return folder.resolve()
    raise FileNotFoundError(f"No folder with topic files in it. Looked in: {', '.join(map(str, candidates))}.")
