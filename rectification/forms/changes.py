"""What an edit changed, in words for the event: a former value is never lost out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.forms import as_rows, words

if TYPE_CHECKING:
    from core.forms import VersionedModelForm


def change_words(form: VersionedModelForm, *, but: str = "") -> list[str]:
    """Return ``栏目：former → new`` for each field of the row that a valid form changed.

    ``but`` names a field that has an event of its own.
    """
    fields = form._meta.fields or ()
    changed = [name for name in form.changed_data if name in fields and name != but]
    return [_line(form, name) for name in changed]


def _line(form: VersionedModelForm, name: str) -> str:
    field = form.fields[name]
    former = words(_former(form.initial.get(name), field), field)
    return f"{field.label}：{former} → {words(as_rows(form.cleaned_data[name]), field)}"


def _former(value: Any, field: forms.Field) -> Any:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return tuple(value or ())
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None and value:
        return field.queryset.model._default_manager.filter(pk=value).first()
    return value


def changed_labels(form: VersionedModelForm) -> list[str]:
    """Return the labels of the fields a valid form changed: for texts kept in their history."""
    fields = form._meta.fields or ()
    return [str(form.fields[name].label) for name in form.changed_data if name in fields]
