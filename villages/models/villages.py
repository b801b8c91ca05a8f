"""A village or community: its place, its kind, its next election."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from divisions.codes import VillageKind
from divisions.models import Division
from villages.querysets import VillageQuerySet

SHORTENED = (
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", ""),
    ("居委会", ""),
)


class Village(models.Model):
    """A village or community under a township. Its code may change, the row stays."""

    code = models.CharField(
        "区划代码",
        max_length=12,
        unique=True,
        error_messages={"unique": "已有使用这个区划代码的村"},
    )
    name = models.CharField("名称", max_length=80)
    township = models.ForeignKey(
        Division, models.PROTECT, related_name="villages", verbose_name="乡镇"
    )
    kind = models.CharField("类别", max_length=10, choices=VillageKind.choices)
    next_election_on = models.DateField("下次换届日期", null=True, blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村庄"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="village_valid_period",
                violation_error_message="停用日期应晚于启用日期",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("villages:village_detail", args=[self.pk])

    @property
    def short_name(self) -> str:
        """The everyday name: 清泉村 for 清泉村委会, 富乐社区 for 富乐社区居委会."""
        for tail, kept in SHORTENED:
            if self.name.endswith(tail) and self.name != tail:
                stem = self.name.removesuffix(tail)
                return stem if stem.endswith(kept) else stem + kept
        return self.name
