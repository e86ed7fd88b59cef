"""What `credentials.yml` may say about the channel, with defaults that are safe in public."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Mapping, Tuple

from rasa.shared.exceptions import RasaException

from ketaguide.channels.web.limits import Rate


@dataclass(frozen=True)
class Options:
    """The channel's settings.

    Attributes:
        allowed_origins: Other websites that may use the chat, such as `https://www.clinic.example`.
        demo: Whether the made-up clinic's pages are served at `/`.
        time_limit: Seconds after which a visitor gets the emergency line instead of an answer.
        trusted_proxies: How many proxies of one's own stand in front; 0 for none.
        session_burst, session_per_minute: Messages of one visitor, at once and after that.
        address_burst, address_per_minute: The same for one address; many visitors may share it.
        secret_file: Where the signing secret is kept if the environment gives none.
        feedback_file: Where "helpful" and "not helpful" are counted.
        content_dir, widget_dir, demo_dir: Where content, the built widget and the demo's pages lie.
    """

    allowed_origins: Tuple[str, ...] = ()
    demo: bool = False
    time_limit: float = 25.0
    trusted_proxies: int = 0
    session_burst: int = 10
    session_per_minute: float = 20.0
    address_burst: int = 60
    address_per_minute: float = 120.0
    secret_file: str = "var/web_secret"  # noqa: S105 - a path
    feedback_file: str = "var/feedback.jsonl"
    content_dir: str = "data"
    widget_dir: str = "web/dist"
    demo_dir: str = "web/demo"

    @property
    def session_rate(self) -> Rate:
        """The limit for one visitor."""
        return Rate(self.session_burst, self.session_per_minute)

    @property
    def address_rate(self) -> Rate:
        """The limit for one address."""
        return Rate(self.address_burst, self.address_per_minute)

    @classmethod
    def read(cls, credentials: Mapping[str, Any]) -> Options:
        """Returns the options in the channel's part of `credentials.yml`.

        Raises:
            RasaException: for a name that is no option: a misspelt limit must not go unnoticed.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(credentials) - known)
        if unknown:
            raise RasaException(f"credentials.yml: the web channel has no option {', '.join(unknown)}.")
        given = {name: value for name, value in credentials.items() if value is not None}
        return cls(**{**given, "allowed_origins": tuple(given.get("allowed_origins") or ())})
