"""One mechanism for every form: nothing typed is lost, nothing is saved twice, nobody overwrites unseen.

A page with a form calls :func:`process_form`. It gives each form

* an idempotency key: a double click, a resend or Back leads to the first result;
* a version, when the form is a :class:`VersionedModelForm`: the second of two savers is told what the
  first one changed, keeps the own text and decides;
* errors beside their fields, with the text kept, over a refusal (422) as well as a conflict (409);
* all or nothing: what was written before a refusal is rolled back.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponseRedirect
from django.shortcuts import render

from core.exceptions import Conflict, DomainError
from core.models import SubmissionKey, new_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse

KEY_FIELD = "submission_key"
VERSION_FIELD = "version_seen"
ACCOUNT_FIELD = (
    "filled_in_by"  # the account that opened the form: what it typed is shown to no other
)


class FieldRenderer(TemplatesSetting):
    """Renders each field with label, help, error and the ARIA attributes that tie them together."""

    field_template_name = "_includes/field.html"


WIDGET_CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxSelectMultiple: "",
    forms.RadioSelect: "",
    forms.CheckboxInput: "form-check-input",
    forms.SelectMultiple: "form-select",
    forms.Select: "form-select",
    forms.HiddenInput: "",
}


class StyledForm(forms.BaseForm):
    """Mixin: Bootstrap classes, date pickers and Chinese messages on every field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            style_field(field)


def style_field(field: forms.Field) -> None:
    """Give one field its class and, for dates, the browser's own picker."""
    widget = field.widget
    if isinstance(field, forms.DateField) and isinstance(widget, forms.DateInput):
        field.widget = widget = forms.DateInput(
            format="%Y-%m-%d", attrs={**widget.attrs, "type": "date"}
        )
    if isinstance(widget, forms.Textarea):
        widget.attrs.setdefault("rows", 3)
    style = next(
        (name for kind, name in WIDGET_CLASSES.items() if isinstance(widget, kind)), "form-control"
    )
    if style:
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {style}".strip()
    if isinstance(field, forms.ModelChoiceField) and not field.required:
        field.empty_label = "（未填）"
    field.error_messages.setdefault("required", "请填写此项")
    if field.error_messages.get("required") == "这个字段是必填项。":
        field.error_messages["required"] = "请填写此项"


class Form(StyledForm, forms.Form):
    """A form without a row behind it."""


class ModelForm(StyledForm, forms.ModelForm):
    """A form for a row that is made here, or that only one person at a time can reach."""


class FieldChange:
    """One field that somebody else changed while this form was open."""

    def __init__(self, label: str, mine: str, theirs: str) -> None:
        self.label = label
        self.mine = mine
        self.theirs = theirs


class VersionedModelForm(ModelForm):
    """A form for a row with a ``version``: saving compares and sets it.

    The model needs a ``version`` integer column. On a conflict :meth:`save` raises
    :class:`core.exceptions.Conflict`, and :attr:`changes` lists what the other person saved.
    """

    version_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changes: list[FieldChange] = []
        if self.instance.pk:
            self.initial[VERSION_FIELD] = self.instance.version

    def save(self, commit: bool = True) -> Any:
        """Write the row, raising Conflict when its version is no longer the one this form was made from."""
        if not commit or not self.instance.pk:
            return super().save(commit)
        manager = type(self.instance)._default_manager
        seen = self.cleaned_data.get(VERSION_FIELD) or 0
        claimed = manager.filter(pk=self.instance.pk, version=seen).update(version=seen + 1)
        if not claimed:
            self._compare_with(manager.get(pk=self.instance.pk))
            raise Conflict(
                "您打开之后，别人已经保存了新的内容。您填写的都还在：请对照下面两边的内容，"
                "改好后再保存一次"
            )
        self.instance.version = seen + 1
        return super().save(commit)

    def _compare_with(self, theirs: Model) -> None:
        """List the fields that differ, and let the next save build on the newer version."""
        for name in self._meta.fields or ():
            field = self.fields[name]
            mine_value = words(self.cleaned_data.get(name), field)
            theirs_value = words(
                field.clean(field.prepare_value(getattr(theirs, name)))
                if isinstance(field, forms.ModelChoiceField)
                else getattr(theirs, name),
                field,
            )
            if mine_value != theirs_value:
                self.changes.append(FieldChange(str(field.label or name), mine_value, theirs_value))
        self.data = self.data.copy()
        self.data[self.add_prefix(VERSION_FIELD)] = str(theirs.version)  # type: ignore[attr-defined]


def words(value: Any, field: forms.Field) -> str:
    """A form value as a person reads it."""
    if value is None or value == "":
        return "（空）"
    if isinstance(field, forms.TypedChoiceField | forms.ChoiceField):
        return dict(_flat_choices(field)).get(str(value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if hasattr(value, "all"):
        value = list(value.all())
    if isinstance(value, list | tuple) or hasattr(value, "iterator"):
        return "、".join(str(item) for item in value) or "（空）"
    return str(value)


def _flat_choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    return [(str(key), str(label)) for key, label in field.choices if not isinstance(label, list)]


def process_form(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    save: Callable[[], Model | str],
    template: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form, or check and save it once.

    ``save`` is called inside a transaction with the form valid; it returns the saved row (its
    ``get_absolute_url`` is shown next) or an address. It may raise DomainError: the form comes back
    with the text kept, the refusal above it, and nothing written.
    """
    page = {**(context or {}), "form": form, KEY_FIELD: request.POST.get(KEY_FIELD) or new_key()}
    if request.method != "POST":
        return render(request, template, page)
    try:
        with transaction.atomic():
            return _save_once(request, form, save)
    except _Invalid:
        return render(request, template, page, status=422)
    except DomainError as refusal:
        if form.is_bound:
            form.add_error(None, forms.ValidationError(refusal.message, code="refused"))
        return render(request, template, {**page, "refusal": refusal}, status=refusal.status_code)


class _Invalid(Exception):
    """The form has errors: leave the transaction without a trace."""


def _save_once(
    request: HttpRequest, form: forms.BaseForm, save: Callable[[], Model | str]
) -> HttpResponse:
    submission, is_first = claim_key(request)
    if submission and not is_first:
        return HttpResponseRedirect(submission.location or request.path)
    if not form.is_valid():
        raise _Invalid
    result = save()
    location = result if isinstance(result, str) else result.get_absolute_url()  # type: ignore[attr-defined]
    if submission:
        SubmissionKey.objects.filter(pk=submission.pk).update(location=location[:500])
    return HttpResponseRedirect(location)


def claim_key(request: HttpRequest) -> tuple[SubmissionKey | None, bool]:
    """Take the form's key for this account: the row and whether this is its first use.

    A second request with the same key waits for the first one's transaction (SQLite's write lock,
    PostgreSQL's unique index) and then reads its result.
    """
    try:
        key = uuid.UUID(request.POST.get(KEY_FIELD, ""))
    except ValueError:
        return None, True
    return SubmissionKey.objects.get_or_create(user_id=request.user.pk, key=key)
