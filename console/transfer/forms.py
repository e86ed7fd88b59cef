"""Handing in a table, and saying what its columns are."""

from __future__ import annotations

from typing import Any, Dict, List

from django import forms

from console.screens.templatetags.words import LANGUAGES
from console.transfer.mapping import FIELDS, guess, problems
from console.transfer.models import Upload


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="Excel file (.xlsx) or CSV file",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text="The first row names the columns. Of an Excel file the first sheet is read.",
    )


class MappingForm(forms.Form):
    """For each field of an answer the column that fills it."""

    def __init__(self, data: Any, upload: Upload) -> None:
        """Construct the form for a table, with columns that are named alike chosen already."""
        super().__init__(data)
        columns = [
            ("", "not in this table"),
            *((str(i), name or f"column {i + 1}") for i, name in enumerate(upload.columns)),
        ]
        chosen = upload.mapping or guess(upload.columns)
        for name, label, _ in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=label, choices=columns, required=False, initial=str(chosen.get(name, ""))
            )
        self.fields["all_in"] = forms.ChoiceField(
            label="If no column says it, the words are in",
            choices=list(LANGUAGES.items()),
            initial=upload.language,
        )

    def mapping(self) -> Dict[str, int]:
        """Returns field to number of its column."""
        return {name: int(self.cleaned_data[name]) for name, _, _ in FIELDS if self.cleaned_data.get(name)}

    def clean(self) -> Dict[str, Any]:
        """Refuses a choice from which no answer could be told."""
        cleaned: Dict[str, Any] = super().clean() or {}
        found: List[str] = problems(self.mapping())
        if found:
            raise forms.ValidationError(found)
        return cleaned
