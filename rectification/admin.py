"""What changes yearly changes here: standards. Everything else is searched and read, not edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html

from accounts.roles import Permission
from core import policy
from core.admin import ScopedAdmin
from core.exceptions import DomainError
from rectification.choices import RoundStatus
from rectification.models import (
    Cadre,
    Case,
    Category,
    Criterion,
    Milestone,
    MilestoneTemplate,
    Problem,
    Round,
    Standard,
    StandardSlot,
    Visit,
    VisitFrequency,
)
from rectification.services import standards

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


# --- what only shows ------------------------------------------------------------------------------


class PageAdmin(ScopedAdmin):
    """Rows with a page of their own in the product: each links to it."""

    @admin.display(description="页面")
    def page(self, row: Any) -> SafeString:
        return format_html('<a href="{}">打开</a>', row.get_absolute_url())

    def view_on_site(self, row: Any) -> str:
        address: str = row.get_absolute_url()
        return address


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """The central list, the same for every district."""

    view_right = Permission.STANDARD_EDIT
    list_display = ["code", "name", "short_name", "definition"]
    search_fields = ["code", "name", "short_name"]
    search_help_text = "按编号或名称查找"


@admin.register(Case)
class CaseAdmin(PageAdmin):
    view_right = Permission.CASE_MANAGE
    list_display = ["village", "township", "round", "status", "main_category", "deadline", "page"]
    list_filter = ["status", "round", "main_category", "source"]
    list_select_related = ["village__township", "round", "main_category"]
    search_fields = ["village__name", "village__code", "minutes_no"]
    search_help_text = "按村名、代码或纪要号查找"

    @admin.display(description="乡镇")
    def township(self, case: Case) -> str:
        return case.village.township.name


@admin.register(Problem)
class ProblemAdmin(PageAdmin):
    view_right = Permission.CASE_MANAGE
    list_display = ["title", "village", "category", "nature", "level", "status", "deadline", "page"]
    list_filter = ["status", "nature", "level", "category", "is_historical"]
    list_select_related = ["case__village", "category"]
    search_fields = ["title", "case__village__name"]
    search_help_text = "按问题或村名查找"

    @admin.display(description="村")
    def village(self, problem: Problem) -> str:
        return str(problem.case.village)


@admin.register(Cadre)
class CadreAdmin(PageAdmin):
    view_right = Permission.ASSIGN
    list_display = ["name", "post", "unit", "division", "from_on", "to_on", "account", "page"]
    list_select_related = ["division", "account"]
    search_fields = ["name", "post", "unit"]
    search_help_text = "按姓名、职务或单位查找"


@admin.register(Milestone)
class MilestoneAdmin(PageAdmin):
    view_right = Permission.CASE_MANAGE
    list_display = ["village", "name", "due_on", "reached_on", "page"]
    list_filter = ["name", "reached_on"]
    list_select_related = ["case__village"]
    search_fields = ["case__village__name", "name"]
    search_help_text = "按村名或节点查找"

    @admin.display(description="村")
    def village(self, milestone: Milestone) -> str:
        return str(milestone.case.village)

    @admin.display(description="页面")
    def page(self, row: Milestone) -> SafeString:
        return super().page(row.case)

    def view_on_site(self, row: Milestone) -> str:
        return row.case.get_absolute_url()


@admin.register(Visit)
class VisitAdmin(PageAdmin):
    view_right = Permission.CASE_MANAGE
    list_display = ["visited_on", "village", "visitor", "mode", "households", "page"]
    list_filter = ["mode", "visited_on"]
    list_select_related = ["case__village", "visitor"]
    search_fields = ["case__village__name", "visitor__name", "findings"]
    search_help_text = "按村名、走访人或内容查找"

    @admin.display(description="村")
    def village(self, visit: Visit) -> str:
        return str(visit.case.village)


# --- rounds ---------------------------------------------------------------------------------------


@admin.register(Round)
class RoundAdmin(PageAdmin):
    """Made and opened on its page, where its due date is checked; its name can be mended here."""

    view_right = change_right = Permission.ROUND_MANAGE
    list_display = ["name", "year", "status", "standard", "opened_on", "due_on", "page"]
    list_filter = ["status", "year"]
    list_select_related = ["standard"]
    search_fields = ["name"]
    search_help_text = "按名称查找"
    fields = [
        "district",
        "year",
        "name",
        "standard",
        "includes_communities",
        "status",
        "opened_on",
        "due_on",
        "closed_on",
    ]
    EDITABLE = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [name for name in self.fields if name not in self.EDITABLE]  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.status == RoundStatus.PREPARING)


# --- the standard ---------------------------------------------------------------------------------


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
