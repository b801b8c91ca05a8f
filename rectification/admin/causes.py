"""Causes of problems: the shipped list is read, a district's own are kept here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin

from accounts.roles import Permission
from core import policy
from core.admin import ScopedAdmin, SeenForm
from core.exceptions import DomainError
from rectification.models import Cause
from rectification.services import causes

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest


class CauseForm(SeenForm):
    """A cause of the own district, named once and without what the law forbids to ask."""

    user: Any

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        refused = policy.refusal(name)
        if refused:
            raise forms.ValidationError(refused)
        try:
            causes.check_name(name, by=self.user, present=self.instance.pk)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return name


@admin.register(Cause)
class CauseAdmin(ScopedAdmin):
    """The shipped list is read; the office adds its own, and retires what is no longer offered."""

    view_right = add_right = change_right = Permission.MEASURE_EDIT
    form = CauseForm
    list_display = ["code", "name", "help_field", "district", "is_in_use"]
    list_filter = ["is_in_use", "help_field"]
    list_select_related = ["district"]
    search_fields = ["code", "name"]
    search_help_text = "按编号或名称查找"
    fields = ["name", "help_field", "is_in_use"]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        about = "不再选用的去掉“在用”：用过的问题、措施和统计都保留，新登记时不再列出。成因不删除"
        if obj and not self.has_change_permission(request, obj):
            about = "随附的成因各区县共用，汇总时才好比较，不能改；本区另外的成因可以增加"
        return [(None, {**sets[0][1], "description": about})]

    def get_form(self, request: Any, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, *args, **kwargs)
        return type(made.__name__, (made,), {"user": request.user})

    def has_add_permission(self, request: Any) -> bool:
        return super().has_add_permission(request) and causes.may_edit(request.user)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and causes.may_edit(request.user, obj)

    def save_model(self, request: Any, obj: Any, form: Any, change: Any) -> None:
        causes.save_cause(obj, by=request.user)
