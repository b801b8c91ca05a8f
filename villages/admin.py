"""Villages in the admin: to search, filter and read; changes are made on the village page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html

from accounts.roles import Permission
from core.admin import ScopedAdmin
from villages.models import SecretaryTerm, Village, VillageFile

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


class VillageRowAdmin(ScopedAdmin):
    """Rows that hang on a village and lead to its page."""

    view_right = Permission.VILLAGE_VIEW
    list_select_related = ["village__township"]
    search_fields = ["village__name", "village__code", "village__township__name"]
    search_help_text = "按村名、代码或乡镇查找"

    @admin.display(description="页面")
    def page(self, row: Any) -> SafeString:
        return format_html('<a href="{}">打开</a>', row.village.get_absolute_url())


@admin.register(Village)
class VillageAdmin(VillageRowAdmin):
    list_display = ["code", "name", "township", "kind", "next_election_on", "valid_to", "page"]
    list_filter = ["kind", "township"]
    list_select_related = ["township"]
    search_fields = ["name", "code", "township__name"]
    ordering = ["code"]

    @admin.display(description="页面")
    def page(self, row: Any) -> SafeString:
        return format_html('<a href="{}">打开</a>', row.get_absolute_url())


@admin.register(VillageFile)
class VillageFileAdmin(VillageRowAdmin):
    list_display = ["village", "year", "households", "members", "rating", "entered_on", "page"]
    list_filter = ["year", "rating"]
    ordering = ["-year", "village__code"]


@admin.register(SecretaryTerm)
class SecretaryTermAdmin(VillageRowAdmin):
    list_display = ["village", "name", "started_on", "ended_on", "end_reason", "chosen_by", "page"]
    list_filter = ["end_reason", "chosen_by", "occupation_before", "lives_elsewhere"]
    search_fields = ["name", *VillageRowAdmin.search_fields]
    ordering = ["village__code", "-started_on"]
