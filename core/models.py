"""Shared machinery's own tables: submission keys, calendar, jobs, feedback, the audit log.

``core`` imports no app: users stand here as ``settings.AUTH_USER_MODEL``, areas as 12-digit codes.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.querysets import AuditEntryQuerySet, FeedbackQuerySet, JobQuerySet


class SubmissionKey(models.Model):
    """One accepted submission of one form: the same key again leads to the first result.

    ``digest`` tells whether the same was posted again or something else.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField("提交标识")
    digest = models.CharField("内容摘要", max_length=64)
    location = models.CharField("保存后的页面", max_length=500, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "提交标识"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="submission_once_per_user")
        ]


class CalendarDay(models.Model):
    """A day that the yearly notice takes out of the rule of Monday to Friday (放假调休)."""

    day = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("节日", max_length=20)
    notice = models.CharField("依据", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "放假调休"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%-m月%-d日}{self.name}{'上班' if self.is_working else '放假'}"


class Job(models.Model):
    """A long act in the background: who asked, how far it is, what came of it."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs", verbose_name="发起人"
    )
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=200)
    state = models.CharField("进度", max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    source = models.FileField("文件", upload_to="jobs/", blank=True)
    result: models.JSONField[Any, Any] = models.JSONField("结果", default=dict, blank=True)
    message = models.TextField("说明", blank=True)
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core:job_detail", args=[self.pk])

    @property
    def percent(self) -> int:
        """Progress in whole percent, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}


class Feedback(models.Model):
    """意见建议: what a user wants to tell the office, kept and answered."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback", verbose_name="提出人"
    )
    area_code = models.CharField("提出人区划", max_length=12, db_index=True)
    page = models.CharField("所在页面", max_length=500, blank=True)
    text = models.TextField("意见或建议", max_length=2000)
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    reply = models.TextField("答复", max_length=2000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意见建议"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text[:30]


class AuditEntry(models.Model):
    """Who did which act on which record, with what result. Rows are only ever added."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="账号",
    )
    user_name = models.CharField("姓名", max_length=80, blank=True)
    role = models.CharField("角色", max_length=20, blank=True)
    area_code = models.CharField("区划", max_length=12, blank=True, db_index=True)
    act = models.CharField("操作", max_length=100)
    record = models.CharField("对象", max_length=200, blank=True)
    result = models.PositiveSmallIntegerField("结果")

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作日志"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.act}"


def new_key() -> str:
    """Return a fresh idempotency key for a form."""
    return str(uuid.uuid4())
