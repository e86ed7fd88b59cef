"""Rasa graph components: they read a message and decide which answer it asks for."""
