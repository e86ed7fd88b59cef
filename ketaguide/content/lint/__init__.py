"""Checks all content in one go and reports every problem at once."""

from ketaguide.content.lint.runner import lint

__all__ = ["lint"]
