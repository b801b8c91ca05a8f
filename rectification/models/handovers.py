"""Passing something on: a transfer that waits to be accepted, and a deputy for some days."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from core import clock
from rectification.choices import HandoverStatus
from rectification.models.people import Assignment, Cadre
from rectification.models.problems import Problem, Task
from rectification.querysets import DeputyQuerySet, HandoverQuerySet
from rectification.querysets.problems import HOLDING_ROLES

ONE_THING = (
    Q(assignment__isnull=False, problem=None, task=None)
    | Q(assignment=None, problem__isnull=False, task=None)
    | Q(assignment=None, problem=None, task__isnull=False)
)


class Handover(models.Model):
    """移交: a slot, a problem or a task passes to another cadre once that cadre accepts.

    Until then it stays with whom it was: there is never a moment without an owner.
    """

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="handovers")
    case = models.ForeignKey("rectification.Case", models.PROTECT, related_name="handovers")
    from_cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="handovers_given", verbose_name="移交人"
    )
    to_cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="handovers_taken", verbose_name="接手人"
    )
    reason = models.CharField("移交原因", max_length=200)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", default=clock.now)
    status = models.CharField(
        "状态", max_length=10, choices=HandoverStatus.choices, default=HandoverStatus.PROPOSED
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    decision_note = models.CharField("答复说明", max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移交"
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(condition=ONE_THING, name="handover_of_one_thing"),
            models.CheckConstraint(
                condition=~Q(from_cadre=F("to_cadre")),
                name="handover_to_somebody_else",
                violation_error_message="接手人不能是移交人自己",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(status=HandoverStatus.PROPOSED),
                    name=f"one_handover_of_{name}",
                    violation_error_message="已经在移交，等待对方接手",
                )
                for name in ("assignment", "problem", "task")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}：{self.from_cadre.name} → {self.to_cadre.name}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:handover_detail", args=[self.pk])

    @property
    def item(self) -> Assignment | Problem | Task:
        """What is passed on."""
        return self.assignment or self.problem or self.task  # type: ignore[return-value]

    @property
    def item_words(self) -> str:
        """What is passed on, without the person: a slot by its name."""
        return str(self.assignment.slot if self.assignment else self.item)

    @property
    def is_answered_for(self) -> bool:
        """代: whether somebody else than the receiver accepted or refused."""
        answers = {HandoverStatus.ACCEPTED, HandoverStatus.REFUSED}
        return self.status in answers and self.to_cadre.account_id != self.decided_by_id

    @property
    def is_waiting(self) -> bool:
        return self.status == HandoverStatus.PROPOSED

    @property
    def kind_words(self) -> str:
        """Of what kind the thing is that passes on."""
        return "力量" if self.assignment_id else "问题" if self.problem_id else "任务"

    @property
    def has_own_receiver(self) -> bool:
        """Whether the receiver has an account that can answer; else the township's keeps it."""
        cadre = self.to_cadre
        account = cadre.account
        in_post = cadre.to_on is None or cadre.to_on > clock.today()
        return bool(account and in_post and account.is_active and account.role in HOLDING_ROLES)

    def is_kept_by(self, user: User) -> bool:
        """代: whether an account that is not the receiver's own answers for them."""
        return self.to_cadre.account_id != user.pk


class Deputy(models.Model):
    """代理: who acts for a cadre from one day to another."""

    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="deputies", verbose_name="被代理人"
    )
    deputy = models.ForeignKey(
        Cadre, models.PROTECT, related_name="deputy_for", verbose_name="代理人"
    )
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    reason = models.CharField("原因", max_length=100)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间", default=clock.now)
    planned_to_on = models.DateField("原定止期", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提前结束人"
    )

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代理"
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="deputy_period",
                violation_error_message="结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=~Q(cadre=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message="代理人不能是本人",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy.name}代理{self.cadre.name}（{self.from_on} 至 {self.to_on}）"

    @property
    def state(self) -> str:
        """Whether it is to come, runs or is over."""
        today = clock.today()
        return "未开始" if self.from_on > today else "代理中" if self.to_on >= today else "已结束"

    @property
    def can_end(self) -> bool:
        """Whether an earlier last day is left."""
        return self.to_on > max(clock.today(), self.from_on)
