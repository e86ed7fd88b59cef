"""Accounts of staff."""

from __future__ import annotations

import datetime
from typing import Any, Optional

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from console.people.roles import ROLE_NAMES, Action, Role, permitted
from ketaguide.content.model import Risk


class People(BaseUserManager):
    """Makes accounts and finds them by sign-in name, whatever its case."""

    def create_person(self, username: str, name: str, role: str, password: Optional[str], **more: Any) -> Person:
        """Returns a new account; without a password nobody can sign in with it yet."""
        person: Person = self.model(username=username.strip(), name=name.strip(), role=role, **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: Optional[str]) -> Person:
        """Returns the account with this sign-in name."""
        found: Person = self.get(username__iexact=(username or "").strip())
        return found


class Person(AbstractBaseUser):
    """Somebody on the clinic's staff.

    Attributes:
        title: What stands under a signature, such as "physician".
        reads_words: Whether a manager allowed this person to read what visitors wrote.
        totp_secret: Set once the person confirmed a code of an authenticator app.
        totp_used: The last time step whose code was used: a code counts once.
    """

    username = models.CharField("sign-in name", max_length=80, unique=True)
    name = models.CharField("full name", max_length=120)
    role = models.CharField(max_length=20, choices=list(ROLE_NAMES.items()))
    title = models.CharField("professional title", max_length=80, blank=True)
    reads_words = models.BooleanField("may read what visitors wrote", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_used = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = People()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="one_account_per_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        """Returns the name as colleagues know it."""
        return str(self.name)

    def may(self, action: Action, tier: Optional[Risk] = None) -> bool:
        """Tells whether this person may do this to an answer of this tier."""
        return bool(self.is_active) and permitted(Role(self.role), action, tier, reads_words=bool(self.reads_words))

    @property
    def signature(self) -> str:
        """What stands under an approval."""
        return str(self.title or ROLE_NAMES[self.role])


class FailedSignIn(models.Model):
    """One wrong password or code, kept for as long as it counts."""

    username = models.CharField(max_length=80)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(auto_now_add=True, db_index=True)


class ClinicSetting(models.Model):
    """What a manager decides for the whole clinic; there is one row."""

    single_clinician = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    @classmethod
    def current(cls) -> ClinicSetting:
        """Returns the clinic's settings."""
        found: ClinicSetting = cls.objects.get_or_create(pk=1)[0]
        return found


OWN_TEXT_WAIT = datetime.timedelta(hours=24)
