"""走访: who went to the village, whom they talked with, what it moved and what comes next."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core import clock
from rectification.choices import Audience, VisitMode
from rectification.models.cases import Case
from rectification.models.people import Cadre
from rectification.models.problems import Problem
from rectification.querysets import CaseRowQuerySet


class VisitQuerySet(CaseRowQuerySet):
    def for_list(self) -> VisitQuerySet:
        return self.select_related(
            "case__village__township", "case__round__standard", "visitor", "entered_by"
        ).order_by("-visited_on", "-pk")


class Visit(models.Model):
    """One visit. No photo, no place, no sign-in; kinds of people, never names."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="visits", verbose_name="村")
    visited_on = models.DateField("走访日期")
    visitor = models.ForeignKey(Cadre, models.PROTECT, related_name="visits", verbose_name="走访人")
    mode = models.CharField("方式", max_length=10, choices=VisitMode.choices, default=VisitMode.OWN)
    delegate = models.CharField(
        "实际到村的人", max_length=40, blank=True, help_text="委托他人时填写姓名和职务"
    )
    audiences: models.JSONField[Any, Any] = models.JSONField("和谁谈了", default=list)
    households = models.PositiveSmallIntegerField("走访户数", default=0)
    problems = models.ManyToManyField(
        Problem, related_name="visits", blank=True, verbose_name="推动的问题"
    )
    no_new_problem = models.BooleanField("没有发现新问题", default=False)
    findings = models.TextField("了解到的情况", max_length=2000)
    next_step = models.CharField("下一步", max_length=200, blank=True)
    next_by = models.CharField("由谁去办", max_length=60, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访"
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode=VisitMode.OWN, delegate="")
                | Q(mode=VisitMode.DELEGATED) & ~Q(delegate=""),
                name="visit_delegated_names_delegate",
                violation_error_message="委托他人走访的，请写明实际到村的人",
            )
        ]
        indexes = [models.Index(fields=["case", "-visited_on"], name="visit_case_day")]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.visitor}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:visit_detail", args=[self.pk])

    @property
    def audience_labels(self) -> list[str]:
        """The kinds of people talked with, in words, in the order of the form."""
        return [str(kind.label) for kind in Audience if kind in self.audiences]

    @property
    def days_late(self) -> int:
        """Days between the visit and its entry."""
        return (clock.day_of(self.entered_at) - self.visited_on).days

    @property
    def is_late(self) -> bool:
        """补录: entered more than the standard's days after the visit."""
        return self.days_late > self.case.round.standard.late_entry_days
