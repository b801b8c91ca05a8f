"""The tree of divisions from province to township, keyed by the 12-digit code."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from divisions.codes import Level, code_range
from divisions.querysets import DivisionQuerySet


class Division(models.Model):
    """A province, city, county or township. A code is never deleted and never used again."""

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=80)
    level = models.PositiveSmallIntegerField("级别", choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=Level.PROVINCE, parent=None)
                | Q(level__gt=Level.PROVINCE, parent__isnull=False),
                name="division_has_parent_below_province",
                violation_error_message="省级以下的区划必须有上级",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="division_valid_period",
                violation_error_message="停用日期应晚于启用日期",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code_range(self) -> tuple[str, str]:
        """The range of codes under this unit, itself included."""
        return code_range(self.code)
