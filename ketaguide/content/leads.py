"""Reads `leads.yml`: the warm sentences that an answer may begin with, by feeling."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Tuple

from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml

LEADS_FILE = "leads.yml"


def load_leads(data_folder: Path) -> Dict[str, Tuple[str, ...]]:
    """Returns the sentences for each feeling; none where there is no such file.

    Raises:
        ContentError: if it is not a list of sentences by feeling.
    """
    path = data_folder / LEADS_FILE
    if not path.exists():
        return {}
    raw = read_yaml(path)
    sound = isinstance(raw, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) and text.strip() for text in texts)
        for texts in raw.values()
    )
    if not sound:
        remedy = "write each feeling, and below it its sentences after `- `, in quotes"
        raise ContentError([Problem(LEADS_FILE, "-", "it is not a list of sentences by feeling", remedy)])
    return {str(feeling): tuple(text.strip() for text in texts) for feeling, texts in raw.items()}
