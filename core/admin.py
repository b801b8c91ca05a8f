"""The one base of every model in the admin: rights from ``user.can``, rows from ``visible_to``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import Http404

if TYPE_CHECKING:
    from django.contrib.admin.options import _ListFilterT
    from django.db.models import ForeignKey, ManyToManyField, QuerySet
    from django.forms import ModelChoiceField, ModelMultipleChoiceField
    from django.http import HttpRequest


def visible_rows(model: type[Model], user: Any) -> QuerySet[Any]:
    """Return the rows of a model that an account sees; a model without areas shows all."""
    manager: Any = model._default_manager
    return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()


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


class ScopedAdmin(admin.ModelAdmin[Any]):
    """Name the rights; an empty one means: nobody. Nothing is ever deleted here.

    ``view_right`` to search and read, ``add_right`` to make, ``change_right`` to edit. A model that
    is only read names ``view_right`` alone.
    """

    view_right = ""
    add_right = ""
    change_right = ""
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
        return row

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
