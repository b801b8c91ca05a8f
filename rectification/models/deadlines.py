"""Asking for more time, and what each level says about whether a problem is solved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from core import clock
from rectification.choices import Level, VerdictValue
from rectification.models.cases import Case
from rectification.models.problems import Problem, Task
from rectification.querysets import ExtensionQuerySet, VerdictQuerySet

ONE_THING = Q(problem__isnull=False, task=None) | Q(problem=None, task__isnull=False)


class Extension(models.Model):
    """延期申请 for a problem or a task: asked, granted or refused by somebody else."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="extensions")
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="extensions"
    )
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="extensions")
    former = models.DateField("原期限")
    wanted = models.DateField("申请延到")
    reason = models.CharField("延期原因", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间", default=clock.now)
    is_granted = models.BooleanField("同意", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decision_note = models.CharField("审批意见", max_length=300, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=ONE_THING, name="extension_of_one_thing"),
            models.CheckConstraint(
                condition=Q(wanted__gt=F("former")),
                name="extension_is_later",
                violation_error_message="申请的日期应晚于原期限",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="extension_decided_by_somebody_else",
                violation_error_message="延期不能由申请人自己批准",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(is_granted=None),
                    name=f"one_open_extension_of_{name}",
                    violation_error_message="已经申请延期，等待审批",
                )
                for name in ("problem", "task")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}：延到 {self.wanted}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:extension_detail", args=[self.pk])

    @property
    def item(self) -> Problem | Task:
        """What needs more time."""
        return self.problem or self.task  # type: ignore[return-value]


class Verdict(models.Model):
    """Whether a problem is solved, in the words of one level: village, township or district.

    The village's is entered by the township, with who said it by post, never by name of a villager.
    """

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="verdicts")
    level = models.CharField("谁说的", max_length=10, choices=Level.choices)
    value = models.CharField("结果", max_length=10, choices=VerdictValue.choices)
    said_by = models.CharField("表态人（职务）", max_length=40, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    on = models.DateField("日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "解决情况认定"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(level=Level.ABOVE),
                name="verdict_level",
                violation_error_message=("由村、乡镇或区认定"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}：{self.get_value_display()}"
