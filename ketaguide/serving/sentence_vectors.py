"""What texts mean to the model in use, as vectors that can be compared."""

from __future__ import annotations

from typing import List, Sequence

import numpy as np
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.nlu.constants import TEXT

from ketaguide.understanding.sentence_encoder import SentenceEncoder


def sentence_vectors(agent: Agent, texts: Sequence[str]) -> List[np.ndarray]:
    """Returns one unit vector per text, each of shape (384,), by the encoder inside the agent's model."""
    runner = agent.processor.graph_runner  # type: ignore[union-attr]
    nodes = agent.processor.model_metadata.predict_schema.nodes  # type: ignore[union-attr]
    encoder = next(name for name, node in nodes.items() if issubclass(node.uses, SentenceEncoder))
    messages = [UserMessage(text) for text in texts]
    found = runner.run({PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: None}, targets=[encoder])
    return [message.get_dense_features(TEXT)[1].features[0] for message in found[encoder]]
