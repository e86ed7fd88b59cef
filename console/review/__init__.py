"""Approvals: who must sign a draft, signing it, asking for changes."""
