"""One mechanism for every form: nothing is lost, nothing saved twice, nobody overwrites unseen.

A page with a form calls :func:`process_form`. It gives each form

* an idempotency key: a double click, a resend or Back leads to the first result; a changed text
  under the same key is not dropped but asked about (409), and the next save is deliberate;
* a version, when the form is a :class:`VersionedModelForm`: the second of two savers is told what
  the first one changed, keeps the own text and decides;
* the same for an act on a row (:class:`ActForm`): a step, a decision, a closing;
* errors beside their fields, with the text kept, over a refusal (422) as well as a conflict (409);
* all or nothing: what was written before a refusal is rolled back.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import clock
from core.exceptions import Conflict, DomainError, SavedBefore
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
NOT_TYPED = {KEY_FIELD, VERSION_FIELD, ACCOUNT_FIELD, "csrfmiddlewaretoken"}
KEYS_KEPT = timedelta(days=30)  # longer than a session lives: nobody goes Back further


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


# In the users' words; Django's own say 确保该值大于或等于.
BOUNDS = {
    "min_value": "不能小于 %(limit_value)s",
    "max_value": "不能大于 %(limit_value)s",
    "max_length": "最多 %(limit_value)s 个字，现在有 %(show_value)s 个",
}


def style_field(field: forms.Field) -> None:
    """Give one field its class and, for dates, the browser's own picker."""
    widget = field.widget
    if isinstance(field, forms.DateField) and isinstance(widget, forms.DateInput):
        field.widget = widget = forms.DateInput(
            format="%Y-%m-%d", attrs={**widget.attrs, "type": "date"}
        )
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") in {None, "10"}:
        widget.attrs["rows"] = 3  # 10 is Django's own default
    style = next(
        (name for kind, name in WIDGET_CLASSES.items() if isinstance(widget, kind)), "form-control"
    )
    if style:
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {style}".strip()
    name_the_empty_choice(field)
    field.error_messages.setdefault("required", "请填写此项")
    if field.error_messages.get("required") == "这个字段是必填项。":
        field.error_messages["required"] = "请填写此项"
    for code, words in BOUNDS.items():
        field.error_messages.setdefault(code, words)


def name_the_empty_choice(field: forms.Field) -> None:
    """Say in words what no choice means; a list of ticks has no empty one."""
    words = "（请选择）" if field.required else "（未填）"
    if isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField):
        return
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField) and not callable(field.choices):
        field.choices = [
            (key, words if key == "" and str(label).strip("-") == "" else label)
            for key, label in field.choices
        ]


class Form(StyledForm, forms.Form):
    """A form without a row behind it."""


class ModelForm(StyledForm, forms.ModelForm):
    """A form for a row that is made here, or that only one person at a time can reach."""


class ActForm(Form):
    """A form for an act on a row with a ``version``; a service does the writing.

    ``item`` is the row. Its version travels with the page, and :func:`process_form` refuses the
    second of two people once when the row was changed after the page was opened; what they typed
    is kept, and their next save builds on the row as it is now.
    """

    version_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, item: Any, **kwargs: Any) -> None:
        self.item = item
        super().__init__(*args, **kwargs)
        self.initial[VERSION_FIELD] = item.version

    @property
    def details(self) -> dict[str, Any]:
        """What the act is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != VERSION_FIELD}

    def what_happened(self) -> str:
        """What somebody else did meanwhile, in a sentence; subclasses that know it say who."""
        return "别人已经办理或改动过。"

    def refuse_a_stale_page(self) -> None:
        """Raise Conflict when the row was changed since; the next save builds on what it is now."""
        seen = self.cleaned_data[VERSION_FIELD]
        if seen in {None, self.item.version}:
            return
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix(VERSION_FIELD)] = str(self.item.version)  # type: ignore[index]
        raise stale_page(self.item, self.what_happened())


def stale_page(item: Any, happened: str) -> Conflict:
    """Tell the second of two people what became of a row since the page was opened."""
    return Conflict(
        f"您打开之后，{happened} 现在是“{item.get_status_display()}”。"
        "您填写的都还在，请看过再决定是否继续办理",
        link=item.get_absolute_url(),
        link_text="看现在的情况",
    )


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
        self._loaded = columns(self.instance)
        if self.instance.pk:
            self.initial[VERSION_FIELD] = self.instance.version

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        """Write what was changed, raising Conflict when the row is no longer the one shown.

        Only columns that differ from the row as this form found it are written, so a status that a
        service moved meanwhile stays moved. Set further attributes after making the form.
        """
        if not commit or not self.instance.pk:
            return super().save(commit)
        self.claim()
        now = columns(self.instance)
        changed = [name for name, value in now.items() if value != self._loaded[name]]
        self.instance.save(update_fields=[*changed, *auto_columns(self.instance)])
        self._save_m2m()  # type: ignore[attr-defined]
        return self.instance

    def claim(self) -> None:
        """Take the row's next version for a service that does the writing, or raise Conflict."""
        manager = type(self.instance)._default_manager
        seen = self.cleaned_data.get(VERSION_FIELD) or 0
        claimed = manager.filter(pk=self.instance.pk, version=seen).update(version=seen + 1)
        if not claimed:
            self.compare()
            raise Conflict(
                "您打开之后，别人已经保存了新的内容。您填写的都还在：请对照下面两边的内容，"
                "改好后再保存一次"
            )
        self.instance.version = seen + 1

    def compare(self) -> None:
        """List what differs from the row as saved, and let the next save build on that."""
        self._compare_with(type(self.instance)._default_manager.get(pk=self.instance.pk))

    def _compare_with(self, theirs: Model) -> None:
        for name in self._meta.fields or ():
            field, mine = self.fields.get(name), as_rows(self.cleaned_data.get(name))
            other = as_rows(getattr(theirs, name))
            if field and mine != other and not (is_blank(mine) and is_blank(other)):
                label = str(field.label or name)
                self.changes.append(FieldChange(label, words(mine, field), words(other, field)))
        version = str(theirs.version)  # type: ignore[attr-defined]
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix(VERSION_FIELD)] = version  # type: ignore[index]


def columns(row: Model) -> dict[str, Any]:
    """Return a row's column values as they stand in memory, by field name."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}


def auto_columns(row: Model) -> list[str]:
    """Return the columns that note the time of each save by themselves."""
    return [f.name for f in row._meta.concrete_fields if getattr(f, "auto_now", False)]


def as_rows(value: Any) -> Any:
    """Make many related rows, or a list of choices, comparable with another such value."""
    if hasattr(value, "all"):
        value = value.all()
    return tuple(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value


def words(value: Any, field: forms.Field) -> str:
    """A form value as a person reads it."""
    if is_blank(value):
        return "（空）"
    if isinstance(value, tuple):
        return "、".join(words(item, field) for item in value)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return dict(_flat_choices(field)).get(str(value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def is_blank(value: Any) -> bool:
    """Whether nothing was filled in: a zero and a No are something."""
    return value is None or value in ("", ())


def _flat_choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    """Return key and words of each choice, those in named groups too."""
    flat = []
    choices: Any = field.choices
    for key, label in choices:
        inner = label if isinstance(label, list | tuple) else [(key, label)]
        flat += [(str(inner_key), str(inner_label)) for inner_key, inner_label in inner]
    return flat


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
        if isinstance(refusal, SavedBefore):
            page[KEY_FIELD] = new_key()
        return render(request, template, {**page, "refusal": refusal}, status=refusal.status_code)


class _Invalid(Exception):
    """The form has errors: leave the transaction without a trace."""


def _save_once(
    request: HttpRequest, form: forms.BaseForm, save: Callable[[], Model | str]
) -> HttpResponse:
    submission, is_first = claim_key(request)
    if submission and not is_first and is_same(submission, request):
        return HttpResponseRedirect(submission.location or request.path)
    if not form.is_valid():
        raise _Invalid
    if submission and not is_first:
        if isinstance(form, VersionedModelForm) and form.instance.pk:
            form.compare()
        raise saved_before(submission)
    if isinstance(form, ActForm):
        form.refuse_a_stale_page()
    result = save()
    location = result if isinstance(result, str) else result.get_absolute_url()  # type: ignore[attr-defined]
    note_result(submission, location)
    return HttpResponseRedirect(location)


# --- keys -----------------------------------------------------------------------------------------


def claim_key(request: HttpRequest) -> tuple[SubmissionKey | None, bool]:
    """Take the form's key for this account: the row and whether this is its first use.

    A second request with the same key waits for the first one's transaction (SQLite's write lock,
    PostgreSQL's unique index) and then reads its result. Keys nobody can come back to are dropped.
    """
    try:
        key = uuid.UUID(request.POST.get(KEY_FIELD, ""))
    except ValueError:
        return None, True
    own = SubmissionKey.objects.filter(user_id=request.user.pk or 0)
    submission, is_first = own.get_or_create(
        key=key, defaults={"user_id": request.user.pk or 0, "digest": digest(request)}
    )
    if is_first:
        own.filter(created_at__lt=clock.now() - KEYS_KEPT).delete()
    return submission, is_first


def digest(request: HttpRequest) -> str:
    """Fingerprint what a person typed or chose; keyed, because a password may be among it."""
    typed = sorted((k, v) for k, v in request.POST.lists() if k not in NOT_TYPED)
    mark = salted_hmac("core.submission", json.dumps([request.path, typed]), algorithm="sha256")
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            mark.update(f"{name} {file.name}".encode())
            for chunk in file.chunks():
                mark.update(chunk)
            file.seek(0)
    return mark.hexdigest()


def is_same(submission: SubmissionKey, request: HttpRequest) -> bool:
    """Whether a request posts what was already saved under its key."""
    return submission.digest == digest(request)


def saved_before(submission: SubmissionKey) -> SavedBefore:
    """Say that a form was saved before, with another text, and lead to what was saved."""
    moment = timezone.localtime(submission.created_at)
    return SavedBefore(
        f"这张表您在 {moment:%Y-%m-%d %H:%M} 已经保存过一次，这次的内容与那次不同，还没有保存。"
        "请先查看已保存的内容；确实要按下面的内容再保存一次，请核对后再次提交",
        link=submission.location,
        link_text="查看已保存的内容",
    )


def note_result(submission: SubmissionKey | None, location: str) -> None:
    """Write down where a key's first use led."""
    if submission:
        SubmissionKey.objects.filter(pk=submission.pk).update(location=location[:500])
