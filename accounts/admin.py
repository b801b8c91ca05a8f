"""Accounts, settings and divisions, kept by the system administrator of the own area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password

from accounts import services
from accounts.models import DistrictSettings, User
from accounts.roles import Permission
from core.admin import ScopedAdmin
from core.exceptions import DomainError
from divisions.models import Division

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from accounts.http import UserRequest


class NewAccountForm(forms.ModelForm):
    """A new account. Its first password must be changed at the first sign-in."""

    first_password = forms.CharField(
        label="初始密码",
        required=False,
        help_text="不填则由系统生成，保存后显示一次；本人首次登录必须修改",
    )

    class Meta:
        model = User
        fields = ["username", "name", "role", "division", "department"]

    def clean_first_password(self) -> str:
        password: str = self.cleaned_data["first_password"]
        if password:
            validate_password(password, self.instance)
        return password


@admin.register(User)
class UserAdmin(ScopedAdmin):
    view_right = add_right = change_right = Permission.ACCOUNT_MANAGE
    list_display = ["username", "name", "role", "division", "department", "is_active", "last_login"]
    list_filter = ["role", "is_active", "must_change_password"]
    list_select_related = ["division"]
    search_fields = ["username", "name", "division__name"]
    search_help_text = "按账号、姓名或区划名称查找"
    autocomplete_fields = ["division"]
    actions = ["reset_passwords"]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm[User]]:
        if obj is None:
            kwargs["form"] = NewAccountForm
        return super().get_form(request, obj, *args, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        last = "is_active" if obj else "first_password"
        return ["username", "name", "role", "division", "department", last]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody changes the own role or division, or locks the own account."""
        if obj is not None and obj.pk == request.user.pk:
            return ["username", "role", "division", "department", "is_active"]
        return ["username"] if obj else []

    def save_model(self, request: Any, obj: User, form: forms.ModelForm[User], change: Any) -> None:
        services.check_grant(by=request.user, division=obj.division)
        if change:
            super().save_model(request, obj, form, change)
            return
        password = form.cleaned_data["first_password"] or services.new_password()
        services.give_first_password(obj, password)
        messages.warning(
            request, f"账号 {obj.username} 的初始密码：{password}（只显示这一次，请告知本人）"
        )

    @admin.action(description="重置所选账号的密码")
    def reset_passwords(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            try:
                password = services.reset_password(user, by=request.user)
            except DomainError as refusal:
                messages.error(request, f"{user.username}：{refusal.message}")
            else:
                messages.warning(
                    request,
                    f"账号 {user.username} 的新初始密码：{password}（只显示这一次，请告知本人）",
                )


@admin.register(DistrictSettings)
class DistrictSettingsAdmin(ScopedAdmin):
    view_right = add_right = change_right = Permission.SETTINGS_EDIT
    list_display = ["division", "unit_name", "contact", "idle_minutes"]
    fields = ["division", "unit_name", "contact", "idle_minutes"]
    autocomplete_fields = ["division"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: DistrictSettings | None = None
    ) -> list[str]:
        return ["division"] if obj else []


@admin.register(Division)
class DivisionAdmin(ScopedAdmin):
    """Divisions come from the import; here names and dates are mended."""

    view_right = change_right = Permission.DIVISION_IMPORT
    list_display = ["code", "name", "level", "parent", "valid_from", "valid_to"]
    list_filter = ["level"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    search_help_text = "按名称或代码查找"
    fields = ["code", "name", "level", "parent", "valid_from", "valid_to"]
    readonly_fields = ["code", "level", "parent"]
    ordering = ["code"]
