"""What is searched and read in the admin, and kept on pages of its own; a round is named here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html

from accounts.roles import Permission
from core.admin import ScopedAdmin
from rectification.choices import RoundStatus
from rectification.models import (
    Cadre,
    Case,
    Category,
    Measure,
    Milestone,
    Problem,
    Round,
    Topic,
    Visit,
)

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


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


@admin.register(Measure)
class MeasureAdmin(PageAdmin):
    """Added, changed and retired on its page, where its results stand; never deleted."""

    view_right = Permission.MEASURE_EDIT
    list_display = ["text", "category", "cause", "days", "is_in_use", "page"]
    list_filter = ["is_in_use", "category", "cause"]
    list_select_related = ["category", "cause"]
    search_fields = ["text", "result_wanted"]
    search_help_text = "按措施或要求查找"


@admin.register(Topic)
class TopicAdmin(PageAdmin):
    view_right = Permission.CASE_MANAGE
    list_display = ["title", "cause", "department", "reply_due_on", "answer_kind", "page"]
    list_filter = ["cause", "department", "answer_kind"]
    list_select_related = ["cause"]
    search_fields = ["title", "question"]
    search_help_text = "按专题或问题查找"


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
