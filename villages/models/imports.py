"""An import of divisions and villages: the file, its rows, the names it replaced."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.models import Job
from divisions.codes import Level, VillageKind
from villages.querysets import DivisionImportQuerySet


class DivisionImport(models.Model):
    """One file of divisions and villages: checked, looked at, then taken whole or not at all."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        REFUSED = "refused", "有错误，未导入"
        READY = "ready", "待确认"
        APPLIED = "applied", "已导入"
        EXPIRED = "expired", "预览已过期"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="导入人",
        help_text="由命令导入的没有导入人",
    )
    filename = models.CharField("文件名", max_length=200)
    valid_from = models.DateField("新增区划的启用日期", null=True, blank=True)
    state = models.CharField("进度", max_length=10, choices=State.choices, default=State.CHECKING)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="后台任务"
    )
    new_count = models.PositiveIntegerField("新增", default=0)
    change_count = models.PositiveIntegerField("变更", default=0)
    same_count = models.PositiveIntegerField("相同", default=0)
    refused_count = models.PositiveIntegerField("拒绝", default=0)
    refusals: models.JSONField[list[list[object]], list[list[object]]] = models.JSONField(
        "错误", default=list, blank=True
    )
    notices: models.JSONField[list[str], list[str]] = models.JSONField(
        "提示", default=list, blank=True
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = DivisionImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区划导入"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("villages:import_preview", args=[self.pk])


class StagedRow(models.Model):
    """A checked row of a file on its way in; it leaves when the import is applied or given up."""

    class Outcome(models.TextChoices):
        NEW = "new", "新增"
        CHANGE = "change", "变更"

    run = models.ForeignKey(
        DivisionImport, models.CASCADE, related_name="rows", db_index=False, verbose_name="导入"
    )
    number = models.PositiveIntegerField("行")
    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=80, blank=True)
    level = models.PositiveSmallIntegerField("级别", choices=Level.choices)
    parent = models.CharField("上级代码", max_length=12, blank=True)
    kind = models.CharField("类别", max_length=10, choices=VillageKind.choices, blank=True)
    refused = models.BooleanField("有错误", default=False)
    outcome = models.CharField("结果", max_length=6, choices=Outcome.choices, default=Outcome.NEW)
    old_name = models.CharField("原名称", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待导入的行"
        indexes = [models.Index(fields=["run", "code"], name="staged_row_run_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class NameChange(models.Model):
    """A name that an import replaced: the former one is kept, with the file of the new one."""

    code = models.CharField("区划代码", max_length=12, db_index=True)
    old_name = models.CharField("原名称", max_length=80)
    new_name = models.CharField("新名称", max_length=80)
    run = models.ForeignKey(
        DivisionImport, models.PROTECT, related_name="name_changes", verbose_name="导入"
    )

    class Meta:
        verbose_name = verbose_name_plural = "更名记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"
