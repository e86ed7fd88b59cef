"""Forms of accounts and of signing in."""

from __future__ import annotations

from typing import Any, Dict

from django import forms
from django.contrib.auth.password_validation import validate_password

from console.people.models import ClinicSetting, Person
from console.people.roles import GRANTABLE_READERS, Role


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(label="Sign-in name", max_length=80)
    password = forms.CharField(label="Password", widget=forms.PasswordInput, max_length=256, strip=False)


class CodeForm(forms.Form):
    """The six digits of an authenticator app."""

    code = forms.CharField(label="Six-digit code", max_length=10)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Construct the form; keyboards of phones show digits."""
        super().__init__(*arguments, **named)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label="New password",
        widget=forms.PasswordInput,
        max_length=256,
        strip=False,
        help_text="At least 12 characters. A few words that you can remember are best.",
    )
    again = forms.CharField(label="The same again", widget=forms.PasswordInput, max_length=256, strip=False)

    def __init__(self, *arguments: Any, person: Person, **named: Any) -> None:
        """Construct the form for one person: the password must not be like the name."""
        super().__init__(*arguments, **named)
        self._person = person

    def clean_password(self) -> str:
        """Returns the password if it is good enough."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self._person)
        return password

    def clean(self) -> Dict[str, Any]:
        """Returns the data if both passwords are the same."""
        data: Dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("password") != data.get("again"):
            self.add_error("again", "This is not the same as above.")
        return data


class PersonForm(forms.ModelForm):
    """An account as the manager sees it."""

    class Meta:
        model = Person
        fields = ("name", "username", "role", "title", "reads_words", "is_active")
        help_texts = {
            "title": "Stands under approvals, such as “physician”.",
            "reads_words": "Clinicians always may. A nurse or manager may if this is ticked.",
        }

    def clean_username(self) -> str:
        """Returns the sign-in name if nobody else has it."""
        username: str = self.cleaned_data["username"].strip()
        if Person.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody has this sign-in name already.")
        return username

    def clean(self) -> Dict[str, Any]:
        """Returns the data if a manager is left and the permission fits the role."""
        data: Dict[str, Any] = super().clean() or {}
        if data.get("reads_words") and Role(data.get("role")) not in GRANTABLE_READERS:
            data["reads_words"] = False
        others = Person.objects.filter(role=Role.MANAGER.value, is_active=True).exclude(pk=self.instance.pk)
        stays = data.get("role") == Role.MANAGER.value and data.get("is_active")
        if not stays and not others.exists():
            raise forms.ValidationError("The console needs one manager who may sign in.")
        return data


class SettingForm(forms.ModelForm):
    """What a manager decides for the clinic."""

    class Meta:
        model = ClinicSetting
        fields = ("single_clinician",)
        labels = {"single_clinician": "We have only one clinician"}
        help_texts = {
            "single_clinician": "Then the only clinician may approve own words one day after they were sent, with a "
            "reason that stays in the history. Safety answers need two clinicians all the same."
        }
