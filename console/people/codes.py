"""One-time codes of an authenticator app (RFC 6238), for those who want a second lock on their account."""

from __future__ import annotations

import hmac
import time
from typing import Optional

import pyotp
import segno

from console.people.models import Person

ISSUER = "Ketaguide console"
STEP_SECONDS = 30
# A phone's clock may be a little off.
TOLERATED_STEPS = (0, -1, 1)


def new_secret() -> str:
    """Returns a secret for an app."""
    return str(pyotp.random_base32())


def picture(person: Person, secret: str) -> str:
    """Returns the secret as a picture to scan: an SVG as data for an image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=person.username, issuer_name=ISSUER)
    return str(segno.make(address).svg_data_uri(scale=5, border=3))


def fitting_step(secret: str, code: str, now: Optional[float] = None) -> Optional[int]:
    """Returns the time step that a code belongs to, or None if it is wrong."""
    step = int((time.time() if now is None else now) // STEP_SECONDS)
    given = "".join(code.split())
    totp = pyotp.TOTP(secret)
    return next(
        (step + off for off in TOLERATED_STEPS if hmac.compare_digest(totp.at((step + off) * STEP_SECONDS), given)),
        None,
    )


def accept(person: Person, code: str) -> bool:
    """Tells whether a code is right and new for this person, and uses it up."""
    step = fitting_step(person.totp_secret, code)
    if step is None:
        return False
    return bool(Person.objects.filter(pk=person.pk, totp_used__lt=step).update(totp_used=step))
