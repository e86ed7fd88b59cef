"""The publications that answers rest on: how old they are, and which answers use each."""
