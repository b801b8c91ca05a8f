"""The year's standard: edited as a draft with all its parts, published, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.forms.models import BaseInlineFormSet

from accounts.roles import Permission
from core import policy
from core.admin import ScopedAdmin
from core.exceptions import DomainError
from rectification.models import (
    Criterion,
    MilestoneTemplate,
    Standard,
    StandardSlot,
    VisitFrequency,
)
from rectification.services import standards

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


class LabelledFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Names each box of a table of rows, as its column head does for those who see it."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = "新的一行" if index is None else f"第 {index + 1} 行"
        for field in form.fields.values():
            box = getattr(field.widget, "widget", field.widget)  # related fields wrap theirs
            box.attrs["aria-label"] = f"{field.label}，{row}"


class PartForm(forms.ModelForm):
    """A row of a standard, in which nothing is asked that the law forbids to ask."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name, refused in policy.check_texts(data).items():
            self.add_error(name, refused)
        return data


class PartInline(admin.TabularInline[Any, Any]):
    """Rows of a standard: edited with it until it is published, read-only ever after."""

    form = PartForm
    formset = LabelledFormSet
    extra = 0

    def _may(self, request: Any, standard: Any) -> bool:
        is_draft = standard is None or not standard.is_frozen
        return request.user.can(Permission.STANDARD_EDIT) and is_draft

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.can(Permission.STANDARD_EDIT)  # type: ignore[union-attr]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A category is chosen here; it is not opened or changed from here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(field.widget, "can_view_related"):
            field.widget.can_view_related = False
        return field


class CriterionInline(PartInline):
    model = Criterion


class SlotInline(PartInline):
    model = StandardSlot


class MilestoneInline(PartInline):
    model = MilestoneTemplate


class FrequencyInline(PartInline):
    model = VisitFrequency


class StandardActions(ActionForm):
    """The acts on a chosen standard; the reason is only for a new edition."""

    reason = forms.CharField(label="修订原因（复制为新版时填）", required=False, max_length=200)


@admin.register(Standard)
class StandardAdmin(ScopedAdmin):
    """Begun as a copy of the shipped one, edited as a draft, frozen once published."""

    view_right = add_right = change_right = Permission.STANDARD_EDIT
    action_form = StandardActions
    actions = ["publish", "copy_to_next_year", "copy_to_new_edition"]
    list_display = ["name", "year", "edition", "status", "published_by", "published_at"]
    list_filter = ["year", "status"]
    list_select_related = ["published_by"]
    search_fields = ["name"]
    search_help_text = "按名称查找"
    inlines = [CriterionInline, SlotInline, MilestoneInline, FrequencyInline]
    OWN = (
        "district",
        "edition",
        "revises",
        "revision_reason",
        "status",
        "published_by",
        "published_at",
    )
    fieldsets = [
        (None, {"fields": ["year", "name"]}),
        ("版次和发布", {"fields": list(OWN)}),
        (
            "天数和期限",
            {
                "fields": [
                    "late_entry_days",
                    "stall_days",
                    "rectification_days",
                    "consolidation_months",
                    "election_warning_months",
                ]
            },
        ),
        ("方案", {"fields": ["similarity_percent"]}),
        ("测评", {"fields": ["quorum_percent", "min_ballots", "min_member_percent"]}),
        (
            "验收线",
            {"fields": ["pass_score", "fail_score", "pass_satisfaction", "fail_satisfaction"]},
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj:
            return super().get_fieldsets(request, obj)
        about = "保存后按随附的标准生成全部条款，可以接着修改；发布后不能再改"
        return [(None, {"fields": ["year", "name"], "description": about})]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["year", *self.OWN] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else []

    def has_add_permission(self, request: Any) -> bool:
        """A standard belongs to a district: an office above it has none to begin."""
        return super().has_add_permission(request) and not request.user.is_above_district

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_frozen)

    def save_model(self, request: Any, obj: Standard, form: Any, change: bool) -> None:  # noqa: FBT001
        """Write a draft nobody published meanwhile; a new one is the own district's, as shipped."""
        if change:
            standards.claim_draft(obj)
            obj.save()
            return
        made = standards.copy_shipped(
            request.user.division, obj.year, by=request.user, name=obj.name
        )
        obj.pk, obj.district_id = made.pk, made.district_id
        obj._state.adding = False

    @admin.action(description="发布所选标准（发布后不能再改）")
    def publish(self, request: Any, queryset: QuerySet[Standard]) -> None:
        self._each(request, queryset, "已发布", standards.publish)

    @admin.action(description="复制为下一年的标准")
    def copy_to_next_year(self, request: Any, queryset: QuerySet[Standard]) -> None:
        self._each(
            request,
            queryset,
            "已复制为下一年的标准",
            lambda row, by: standards.copy_standard(row, by=by, year=row.year + 1),
        )

    @admin.action(description="复制为新版（已发布的要修订时用，填修订原因）")
    def copy_to_new_edition(self, request: Any, queryset: QuerySet[Standard]) -> None:
        reason = request.POST.get("reason", "")
        self._each(
            request,
            queryset,
            "已复制为新版",
            lambda row, by: standards.copy_standard(row, by=by, reason=reason),
        )

    def _each(
        self,
        request: Any,
        rows: QuerySet[Standard],
        done: str,
        act: Callable[..., Any],
    ) -> None:
        """Do an act for each chosen standard and say what came of it."""
        for row in rows:
            try:
                act(row, by=request.user)
            except DomainError as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, f"{row}：{done}")
