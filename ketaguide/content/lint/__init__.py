"""Checks all content in one go and reports every problem at once."""

from ketaguide.content.lint.runner import lint, lint_topic

__all__ = ["lint", "lint_topic"]
