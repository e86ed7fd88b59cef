"""Custom actions, one per file. They import no Rasa server code and are never the only path of a reply."""
