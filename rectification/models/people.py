"""Cadres, and who holds which of a case's slots from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from divisions.models import Division
from rectification.models.cases import Case
from rectification.models.standards import StandardSlot
from rectification.querysets import AssignmentQuerySet, CadreQuerySet


class Cadre(models.Model):
    """干部: somebody who can be responsible. The account is optional: leaders type nothing."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="cadres", verbose_name="所属区划"
    )
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60)
    unit = models.CharField("单位", max_length=80)
    from_on = models.DateField("任职日期", null=True, blank=True)
    to_on = models.DateField("离任日期", null=True, blank=True)
    account = models.OneToOneField(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cadre",
        verbose_name="对应账号",
        error_messages={"unique": "这个账号已对应另一名干部"},
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = CadreQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="干部沿革")

    class Meta:
        verbose_name = verbose_name_plural = "干部"
        ordering = ["division", "unit", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="cadre_period",
                violation_error_message="离任日期不能早于任职日期",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）"

    def get_absolute_url(self) -> str:
        return reverse("rectification:cadre_detail", args=[self.pk])


class Assignment(models.Model):
    """Who holds a slot of a case. Never overwritten: a change ends one row and begins another."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    slot = models.ForeignKey(
        StandardSlot, models.PROTECT, related_name="assignments", verbose_name="力量"
    )
    cadre = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="干部",
    )
    unit_name = models.CharField("结对单位", max_length=80, blank=True)
    liaison = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="liaisons",
        verbose_name="单位联络员",
    )
    started_on = models.DateField("起")
    ended_on = models.DateField("止", null=True, blank=True)
    end_reason = models.CharField("调整原因", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "力量安排"
        ordering = ["case", "slot__number", "-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False, unit_name="")
                | Q(cadre__isnull=True) & ~Q(unit_name=""),
                name="assignment_cadre_or_unit",
                violation_error_message="请填写干部，或者填写结对单位",
            ),
            models.UniqueConstraint(
                fields=["case", "slot"],
                condition=Q(ended_on=None),
                name="one_holder_of_a_slot",
                violation_error_message="这项力量已经有人担任",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="assignment_period",
                violation_error_message="截止日期不能早于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot}：{self.cadre or self.unit_name}"
