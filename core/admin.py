"""The one base of every model in the admin: rights from ``user.can``, rows from ``visible_to``.

Its change form tells the second of two savers, as the product's own forms do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.utils.crypto import salted_hmac

from core.forms import as_rows, is_blank, words

if TYPE_CHECKING:
    from django.contrib.admin.options import _ListFilterT
    from django.db.models import ForeignKey, ManyToManyField, QuerySet
    from django.forms import ModelChoiceField, ModelMultipleChoiceField
    from django.http import HttpRequest, HttpResponse


SEEN = "seen"
CHANGED_MEANWHILE = "您打开之后，别人已经保存了新的内容。您填写的都还在：请核对后再保存一次"


def visible_rows(model: type[Model], user: Any) -> QuerySet[Any]:
    """Return the rows of a model that an account sees; a model without areas shows all."""
    manager: Any = model._default_manager
    return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()


def as_text(field: Any) -> Any:
    """Return what shows a related row as its name alone."""

    @admin.display(description=field.verbose_name)
    def text(row: Model) -> str:
        return str(getattr(row, field.name))

    text.__name__ = field.name  # the style class and the help text go by it
    return text


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers only visible ones."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Any:
        rows = visible_rows(field.related_model, request.user)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": rows.values("pk")}
        )


class SeenForm(forms.ModelForm):
    """A change form that knows what its page showed: the second of two savers is told.

    Any row will do: what is compared is what can be changed here, and the version where one is.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.stored = {name: self.initial.get(name) for name in self._meta.fields or ()}
            version = getattr(self.instance, "version", "")
            told = f"{version} {[(name, str(as_rows(v))) for name, v in self.stored.items()]}"
            self.initial[SEEN] = salted_hmac("core.admin", told, algorithm="sha256").hexdigest()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.instance.pk and data.get(SEEN) != self.initial[SEEN]:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[self.add_prefix(SEEN)] = self.initial[SEEN]  # type: ignore[index]
            raise forms.ValidationError([CHANGED_MEANWHILE, *self._differences(data)])
        return data

    def _differences(self, data: dict[str, Any]) -> list[str]:
        """Say of each field that differs what was saved."""
        lines = []
        for name, field in self.fields.items():
            if name == SEEN or name not in self.stored:
                continue
            mine, saved = as_rows(data.get(name)), as_rows(getattr(self.instance, name))
            if mine != saved and not (is_blank(mine) and is_blank(saved)):
                lines.append(f"{field.label}：已保存的是“{words(saved, field)}”")
        return lines


class ScopedAdmin(admin.ModelAdmin[Any]):
    """Name the rights; an empty one means: nobody. Nothing is ever deleted here.

    ``view_right`` to search and read, ``add_right`` to make, ``change_right`` to edit. A model that
    is only read names ``view_right`` alone.
    """

    view_right = ""
    add_right = ""
    change_right = ""
    form = SeenForm
    list_per_page = 50
    show_full_result_count = False
    actions_on_bottom = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._can(request, self.view_right) or self._can(request, self.change_right)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._can(request, self.add_right)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._can(request, self.change_right)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @staticmethod
    def _can(request: Any, right: str) -> bool:
        return bool(right) and request.user.can(right)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = visible_rows(self.model, request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """Answer 404 for a row out of scope, where Django would redirect with a message."""
        row: Model | None = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            self.model._base_manager.select_for_update().get(pk=row.pk)
            row.refresh_from_db()  # as it stands now that nobody else can write it
        return row

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Let a change form carry what it showed."""
        sets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return sets
        (name, options), *others = sets
        return [(name, {**options, "fields": [*options["fields"], SEEN]}), *others]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a related row that only is read as plain text, unless its page may be opened."""
        shown, row = context["adminform"], context["original"]
        plain = {
            field.name: as_text(field)
            for field in self.opts.concrete_fields
            if field.is_relation and field.name in shown.readonly_fields
            if row and not self._may_open(request, getattr(row, field.name))
        }
        shown.readonly_fields = [plain.get(name, name) for name in shown.readonly_fields]
        shown.fieldsets = [
            (title, {**options, "fields": [plain.get(name, name) for name in options["fields"]]})
            for title, options in shown.fieldsets
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_open(self, request: HttpRequest, row: Model | None) -> bool:
        page = self.admin_site._registry.get(type(row)) if row else None
        if row is None or page is None:  # Django links neither
            return True
        may_view = page.has_view_permission(request, row)
        return may_view and page.get_queryset(request).filter(pk=row.pk).exists()

    def save_model(self, request: Any, obj: Any, form: Any, change: Any) -> None:
        """Save a row; one with a version takes the next, for the forms of the product's pages."""
        if change and hasattr(obj, "version"):
            obj.version += 1
        obj.save()

    def get_list_filter(self, request: HttpRequest) -> list[_ListFilterT]:
        """Give each filter by a related row the choices of the account's area."""
        return [self._scoped_filter(item) for item in super().get_list_filter(request)]

    def _scoped_filter(self, item: _ListFilterT) -> _ListFilterT:
        if isinstance(item, str) and "__" not in item:
            field = self.model._meta.get_field(item)
            if field.is_relation:
                return (item, ScopedRelatedFilter)
        return item

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        kwargs.setdefault("queryset", visible_rows(db_field.related_model, request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        kwargs.setdefault("queryset", visible_rows(db_field.related_model, request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
