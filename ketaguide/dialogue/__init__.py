"""Pure decisions about a conversation: no Rasa, no files, no network; shared by policies, live answers and actions."""
