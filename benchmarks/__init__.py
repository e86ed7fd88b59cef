"""Measurements against a stock Rasa bot, each in one run, so that the ratios hold whatever the machine is doing."""
