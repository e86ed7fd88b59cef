"""Unanswered: what visitors asked and the assistant did not understand, or understood only perhaps."""
