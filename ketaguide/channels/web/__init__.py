"""The `web` channel: the chat on a clinic's website, and the widget file that shows it."""

from ketaguide.channels.web.channel import WebInput

__all__ = ["WebInput"]
