"""Problems, the tasks against them, the questions handed up, and the plan that joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from accounts.roles import Department
from core import clock
from rectification.choices import (
    OPEN_PROBLEM_STATUSES,
    AnswerKind,
    Level,
    Nature,
    PlanStatus,
    ProblemSource,
    ProblemStatus,
    TaskStatus,
)
from rectification.models.cases import Case
from rectification.models.people import Cadre
from rectification.models.standards import Category
from rectification.querysets import (
    EscalationQuerySet,
    PlanQuerySet,
    ProblemQuerySet,
    TaskQuerySet,
)

if TYPE_CHECKING:
    from datetime import datetime


JUDGES = (Level.VILLAGE, Level.TOWNSHIP, Level.DISTRICT)


class Plan(models.Model):
    """一村一策整顿方案: drafted by the township, approved by somebody else."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("第几稿", default=1)
    causes = models.TextField("问题成因", max_length=4000)
    goal = models.TextField("整顿目标", max_length=2000)
    measures = models.TextField("主要措施", max_length=4000)
    slots_reason = models.CharField("力量未配齐的原因", max_length=300, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=PlanStatus.choices, default=PlanStatus.DRAFTING
    )
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="起草人")
    submitted_at = models.DateTimeField("报批时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_on = models.DateField("审批日期", null=True, blank=True)
    decision_note = models.TextField("审批意见", max_length=1000, blank=True)
    similarity_reason = models.CharField("与别村方案相似的理由", max_length=300, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="方案沿革")

    class Meta:
        verbose_name = verbose_name_plural = "整顿方案"
        ordering = ["case", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="plan_number_once"),
            models.CheckConstraint(
                condition=~Q(status=PlanStatus.APPROVED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("drafted_by")),
                name="plan_approved_by_somebody_else",
                violation_error_message="方案不能由起草人自己批准",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 整顿方案（第 {self.number} 稿）"

    def get_absolute_url(self) -> str:
        return reverse("rectification:plan_detail", args=[self.pk])

    @property
    def _history_date(self) -> datetime:
        """Read by simple-history: a version is of the day its text was written."""
        return clock.now()


class Problem(models.Model):
    """The unit of work: what is wrong, whose it is to solve, by when, and how it ended."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="problems", verbose_name="整顿档案")
    number = models.PositiveSmallIntegerField("编号")
    title = models.CharField("问题", max_length=120)
    detail = models.TextField("具体情况", max_length=2000, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="problems", verbose_name="类型"
    )
    nature = models.CharField("性质", max_length=10, choices=Nature.choices)
    cause = models.ForeignKey(
        "rectification.Cause",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name="成因",
    )
    cause_note = models.CharField("成因说明", max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="属于哪个问题",
    )
    waits_for: models.ManyToManyField[Problem, Problem] = models.ManyToManyField(
        "self",
        blank=True,
        symmetrical=False,
        related_name="waited_by",
        verbose_name="要先解决的问题",
    )
    topic = models.ForeignKey(
        "rectification.Topic",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name="区级专题",
    )
    is_historical = models.BooleanField("历史遗留", default=False)
    level = models.CharField(
        "解决层级", max_length=10, choices=Level.choices, default=Level.VILLAGE
    )
    source = models.CharField("来源", max_length=12, choices=ProblemSource.choices)
    found_on = models.DateField("发现日期")
    households = models.PositiveIntegerField("涉及户数", null=True, blank=True)
    deadline = models.DateField("解决期限")
    owner = models.ForeignKey(Cadre, models.PROTECT, related_name="problems", verbose_name="责任人")
    holder = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="problems_held",
        verbose_name="经办账号",
        help_text="责任人本人的账号；没有账号的由乡镇账号代办",
    )
    status = models.CharField(
        "状态", max_length=12, choices=ProblemStatus.choices, default=ProblemStatus.OPEN
    )
    evidence = models.TextField("解决情况和依据", max_length=2000, blank=True)
    closing_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请销号人"
    )
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核准人"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    outcome_note = models.TextField("办结说明", max_length=1000, blank=True)
    decision_no = models.CharField("区级决定文号", max_length=60, blank=True)
    next_on = models.DateField("下次跟踪日期", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", default=clock.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = ProblemQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="问题沿革")

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="problem_number_once"),
            models.CheckConstraint(
                condition=~Q(status=ProblemStatus.CLOSED)
                | Q(closed_by__isnull=False, closing_by__isnull=False)
                & ~Q(closed_by=F("closing_by")),
                name="problem_closed_by_somebody_else",
                violation_error_message="销号要由申请人以外的人核准",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProblemStatus.TRACKED)
                | Q(next_on__isnull=False) & ~Q(decision_no=""),
                name="problem_tracked_by_decision",
                violation_error_message="长期跟踪要有区级决定文号和下次跟踪日期",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProblemStatus.UNSOLVABLE) | ~Q(decision_no=""),
                name="problem_unsolvable_by_decision",
                violation_error_message="认定不能解决要有区级决定文号",
            ),
        ]
        indexes = [models.Index(fields=["status", "deadline"], name="problem_status_deadline")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:problem_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_PROBLEM_STATUSES

    @property
    def is_unfinished(self) -> bool:
        """Open, or tracked for long: somebody owns and holds it."""
        return self.is_open or self.status == ProblemStatus.TRACKED

    @property
    def waiting(self) -> list[Escalation]:
        """The question that waits for an answer: one or none."""
        return [item for item in self.escalations.all() if item.answered_at is None]

    @property
    def verdicts_by_level(self) -> list[tuple[Level, Any]]:
        """What village, township and district said last about it; None where nobody did."""
        latest: dict[str, Any] = {}
        for verdict in self.verdicts.all():  # newest first
            latest.setdefault(verdict.level, verdict)
        return [(level, latest.get(level)) for level in JUDGES]

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.deadline < clock.today()


class Escalation(models.Model):
    """A problem handed one level up with a question, and the answer that level owes."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="escalations")
    from_level = models.CharField("提交层级", max_length=10, choices=Level.choices)
    to_level = models.CharField("答复层级", max_length=10, choices=Level.choices)
    question = models.TextField("请求事项", max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提交人")
    asked_at = models.DateTimeField("提交时间", default=clock.now)
    reply_due_on = models.DateField("请于何日前答复")
    reply_days = models.PositiveSmallIntegerField("答复期限（工作日）", null=True, blank=True)
    department = models.CharField(
        "请哪个部门答复", max_length=20, choices=Department.choices, blank=True
    )
    answer_kind = models.CharField(
        "答复结果", max_length=10, choices=AnswerKind.choices, blank=True
    )
    answer = models.TextField("答复内容", max_length=2000, blank=True)
    decision_no = models.CharField("文号", max_length=60, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上交事项"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem"],
                condition=Q(answered_at=None),
                name="one_unanswered_escalation",
                violation_error_message="这个问题已上交，正在等待答复",
            )
        ]

    def __str__(self) -> str:
        return f"{self.problem} → {self.get_to_level_display()}"

    @property
    def days_waiting(self) -> int:
        """Days from the date of the question to that of the answer, or to today."""
        until = clock.day_of(self.answered_at) if self.answered_at else clock.today()
        return (until - clock.day_of(self.asked_at)).days


class Task(models.Model):
    """A measure with somebody responsible and a deadline, against a problem or a whole category."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks", verbose_name="整顿档案")
    problem = models.ForeignKey(
        Problem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="针对的问题",
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="tasks", verbose_name="针对的类型"
    )
    library = models.ForeignKey(
        "rectification.Measure",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="来自措施库",
    )
    measure = models.CharField("措施", max_length=200)
    result_wanted = models.CharField("要求和标志性成果", max_length=200, blank=True)
    owner = models.ForeignKey(Cadre, models.PROTECT, related_name="tasks", verbose_name="责任人")
    holder = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="tasks_held",
        verbose_name="经办账号",
        help_text="责任人本人的账号；没有账号的由乡镇账号代办",
    )
    start_on = models.DateField("开始日期")
    deadline = models.DateField("完成期限")
    status = models.CharField(
        "状态", max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN
    )
    ended_on = models.DateField("办结日期", null=True, blank=True)
    end_note = models.CharField("办结说明", max_length=300, blank=True)
    last_progress_on = models.DateField("最近进展", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["deadline", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline__gte=F("start_on")),
                name="task_period",
                violation_error_message="完成期限不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.DROPPED) | ~Q(end_note=""),
                name="task_dropped_with_reason",
                violation_error_message="不再进行的任务要写明原因",
            ),
        ]
        indexes = [models.Index(fields=["status", "deadline"], name="task_status_deadline")]

    def __str__(self) -> str:
        return self.measure

    def get_absolute_url(self) -> str:
        return reverse("rectification:task_detail", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        return self.status == TaskStatus.OPEN and self.deadline < clock.today()

    @property
    def days_still(self) -> int:
        """Days without progress, from the last note or the start."""
        return (clock.today() - (self.last_progress_on or self.start_on)).days

    @property
    def stall_words(self) -> str:
        return f"已 {self.days_still} 天没有进展"


class TaskProgress(models.Model):
    """One sentence of progress on a task."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="progress")
    on = models.DateField("日期")
    text = models.TextField("进展", max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    at = models.DateTimeField("记录时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "任务进展"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.text[:30]}"
