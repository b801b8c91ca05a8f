"""整顿档案: one village's way from proposal to release, with its events and milestones."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core import clock
from rectification.choices import (
    OPEN_STATUSES,
    CaseSource,
    CaseStatus,
    EndReason,
    RelapseReason,
)
from rectification.models.rounds import Round
from rectification.models.standards import Category
from rectification.querysets import CaseEventQuerySet, CaseQuerySet, CaseRowQuerySet
from villages.models import Village


class Case(models.Model):
    """One rectification of one village. ``status`` and dates of steps: written by services only."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="cases", verbose_name="村")
    round = models.ForeignKey(Round, models.PROTECT, related_name="cases", verbose_name="轮次")
    status = models.CharField("状态", max_length=12, choices=CaseStatus.choices)
    main_category = models.ForeignKey(
        Category, models.PROTECT, related_name="cases", verbose_name="主要类型"
    )
    further_categories = models.ManyToManyField(
        Category, related_name="further_cases", blank=True, verbose_name="其他类型"
    )
    source = models.CharField(
        "来源", max_length=10, choices=CaseSource.choices, default=CaseSource.ROUND
    )
    source_note = models.CharField("来源说明", max_length=300, blank=True)
    proposed_on = models.DateField("提请日期")
    designated_on = models.DateField("认定日期（常委会）", null=True, blank=True)
    minutes_no = models.CharField("常委会纪要号", max_length=60, blank=True)
    deadline = models.DateField("整顿期限", null=True, blank=True)
    started_on = models.DateField("启动日期", null=True, blank=True)
    consolidation_until = models.DateField("延长巩固至", null=True, blank=True)
    transformed_on = models.DateField("转化日期", null=True, blank=True)
    released_on = models.DateField("出列日期", null=True, blank=True)
    relapsed_on = models.DateField("反弹日期", null=True, blank=True)
    relapse_reason = models.CharField(
        "反弹原因", max_length=12, choices=RelapseReason.choices, blank=True
    )
    ended_on = models.DateField("终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=10, choices=EndReason.choices, blank=True)
    successor_village = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承接的村",
    )
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name="上一次整顿",
    )
    created_at = models.DateTimeField("建档时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整顿档案"
        ordering = ["-proposed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(status__in=OPEN_STATUSES),
                name="one_open_case_per_village",
                violation_error_message="该村已有正在进行的整顿档案",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(CaseStatus.PROPOSED, CaseStatus.DECLINED, CaseStatus.ENDED))
                | Q(designated_on__isnull=False, deadline__isnull=False) & ~Q(minutes_no=""),
                name="designated_case_has_minutes_and_deadline",
                violation_error_message="认定要有常委会日期、纪要号和整顿期限",
            ),
        ]
        indexes = [models.Index(fields=["status", "deadline"], name="case_status_deadline")]

    def __str__(self) -> str:
        return f"{self.village}（{self.round.year} 年）"

    def get_absolute_url(self) -> str:
        return reverse("rectification:case_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the case still waits for an end; a village has at most one such case."""
        return self.status in OPEN_STATUSES

    @property
    def day_number(self) -> int | None:
        """Days since designation, the day of designation being day 1; None before it."""
        if self.designated_on is None:
            return None
        last = self.transformed_on or self.ended_on or clock.today()
        return (last - self.designated_on).days + 1

    @property
    def final_date(self) -> Any:
        """The date the case must be accepted by: the consolidation's end, else the deadline."""
        if self.status == CaseStatus.EXTENDED:
            return self.consolidation_until
        return self.deadline


class CaseEvent(models.Model):
    """What was done to a case or to something in it: who, when, from, to, why. Only ever added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    problem = models.ForeignKey(
        "rectification.Problem", models.PROTECT, null=True, blank=True, related_name="events"
    )
    task = models.ForeignKey(
        "rectification.Task", models.PROTECT, null=True, blank=True, related_name="events"
    )
    at = models.DateTimeField("记录时间", default=clock.now, db_index=True)
    on = models.DateField("发生日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    action = models.CharField("动作", max_length=30)
    title = models.CharField("事项", max_length=120)
    from_status = models.CharField("原状态", max_length=12, blank=True)
    to_status = models.CharField("新状态", max_length=12, blank=True)
    note = models.TextField("说明", blank=True)
    meeting = models.CharField("会议", max_length=60, blank=True)
    minutes_no = models.CharField("文号", max_length=60, blank=True)
    acted_for = models.ForeignKey(
        "rectification.Cadre",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代谁办理",
    )
    former: models.JSONField[Any, Any] = models.JSONField("原来的值", default=dict, blank=True)
    undoes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name="撤回哪一步",
    )

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["case", "-at"], name="event_case_at")]

    def __str__(self) -> str:
        return f"{self.on} {self.title}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @property
    def days_late(self) -> int:
        """Days between what happened and its entry; above the standard's limit it shows as 补录."""
        return (clock.day_of(self.at) - self.on).days


class Milestone(models.Model):
    """A date a case should reach; one whose step exists is reached by that step, never typed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="milestones")
    key = models.SlugField("代号", max_length=30)
    name = models.CharField("节点", max_length=40)
    number = models.PositiveSmallIntegerField("序号")
    due_on = models.DateField("应达日期")
    reached_on = models.DateField("达到日期", null=True, blank=True)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进度节点"
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="milestone_key_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.name}"

    @property
    def is_overdue(self) -> bool:
        return self.reached_on is None and self.due_on < clock.today()
