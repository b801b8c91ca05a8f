"""Accounts: a person, one of seven roles, one division."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.querysets import DistrictSettingsQuerySet, UserQuerySet
from accounts.roles import ROLE_PERMISSIONS, Department, Permission, Role
from divisions.codes import Level, code_range, read_code
from divisions.models import Division


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates accounts; there is no superuser in the product."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What it may do comes from its role, what it sees from its division."""

    username = models.CharField(
        "账号",
        max_length=40,
        unique=True,
        error_messages={"unique": "这个账号名已有人使用，请换一个"},
    )
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="accounts", verbose_name="所属区划"
    )
    department = models.CharField(
        "所属部门",
        max_length=20,
        choices=Department.choices,
        blank=True,
        help_text="只有“部门”角色需要填写",
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role", "division"]

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["division_id", "role", "username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.DEPARTMENT) & ~Q(department="")
                | ~Q(role=Role.DEPARTMENT) & Q(department=""),
                name="user_department_only_for_department_role",
                violation_error_message="“部门”角色的账号要写明部门，其他角色不填",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def can(self, permission: Permission) -> bool:
        """Whether the role grants this permission."""
        return self.is_active and permission in ROLE_PERMISSIONS[Role(self.role)]

    @property
    def code_range(self) -> tuple[str, str]:
        """The range of codes under the account's division; no query."""
        return code_range(self.division_id)

    @property
    def level(self) -> Level:
        """The level of the account's division, read from its code."""
        return read_code(self.division_id).level

    @property
    def district_code(self) -> str:
        """The 12-digit code of the county-level district the account belongs to."""
        return self.division_id[:6].ljust(12, "0")

    @property
    def is_above_district(self) -> bool:
        """Whether the account belongs to a city, a province or higher."""
        return self.level < Level.COUNTY

    # What django.contrib.admin asks of an account. Rights come from `can`, never from groups.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role in {Role.OFFICE, Role.SYSADMIN}

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permission names grant nothing; each ModelAdmin asks `can`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class DistrictSettings(models.Model):
    """What the system administrator of a district sets for it."""

    division = models.OneToOneField(
        Division, models.PROTECT, related_name="settings", verbose_name="区划"
    )
    idle_minutes = models.PositiveSmallIntegerField(
        "无操作自动退出（分钟）",
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text="5 到 240 分钟；退出前没保存的内容会保留，重新登录后可继续保存",
    )
    contact = models.CharField(
        "联系电话",
        max_length=60,
        blank=True,
        help_text="显示在登录页和报错页，如“组织部组织科 8888”",
    )
    unit_name = models.CharField(
        "使用单位", max_length=60, blank=True, help_text="显示在页眉和打印件，如“某某区委组织部”"
    )

    objects = DistrictSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "系统设置"

    def __str__(self) -> str:
        return f"{self.division}系统设置"
