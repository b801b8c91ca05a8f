"""Imports from the page: small files at once, larger ones in the background with progress."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django_tasks import task

from core import clock
from core.exceptions import Conflict
from core.jobs import drop_source
from core.models import Job
from villages import imports
from villages.models import DivisionImport

if TYPE_CHECKING:
    from accounts.models import User

ROWS_AT_ONCE = 20_000
BROKEN = "系统出错，什么都没有导入；请重新上传，仍不行请联系系统管理员"
CHECK, APPLY = "division_check", "division_apply"


class Cancelled(Exception):
    """Somebody took the job back while it ran."""


def begin_check(values: dict[str, Any], *, owner: User) -> str:
    """Check an uploaded file, or leave a large one to the background; return where to look."""
    file, valid_from = values["file"], values["valid_from"]
    try:
        run = imports.check(file, file.name, owner=owner, valid_from=valid_from, limit=ROWS_AT_ONCE)
        return run.get_absolute_url()
    except imports.TooManyRows:
        file.seek(0)
    job = Job.objects.create(
        owner=owner,
        kind=CHECK,
        title=f"核对“{file.name}”",
        source=file,
        result={"valid_from": valid_from.isoformat() if valid_from else "", "name": file.name},
    )
    transaction.on_commit(partial(check_file.enqueue, job.pk))
    return job.get_absolute_url()


def begin_apply(run: DivisionImport, *, owner: User) -> tuple[str, str]:
    """Load a checked import, a large one in the background; return where to look and the words."""
    rows = run.new_count + run.change_count
    if rows <= ROWS_AT_ONCE:
        imports.apply(run.pk)
        return run.get_absolute_url(), f"已导入：新增 {run.new_count:,}，变更 {run.change_count:,}"
    job = Job.objects.create(owner=owner, kind=APPLY, title=f"导入“{run.filename}”", total=rows)
    DivisionImport.objects.filter(pk=run.pk).update(job=job)
    transaction.on_commit(partial(apply_import.enqueue, job.pk, str(run.pk)))
    return job.get_absolute_url(), "已开始导入，可以离开这个页面"


@task()
def check_file(job_pk: int) -> None:
    """Check an uploaded file in the background."""
    if not _start(job_pk):
        return
    job = Job.objects.get(pk=job_pk)
    day = job.result["valid_from"]
    with ExitStack() as at_end, ExitStack() as undo:
        at_end.callback(drop_source, job)
        undo.callback(_fail, job_pk, BROKEN)
        at_end.enter_context(suppress(Cancelled))
        run = imports.check(
            at_end.enter_context(job.source.open("rb")),
            job.result["name"],
            owner=job.owner,
            valid_from=date.fromisoformat(day) if day else None,
            progress=partial(_tell, job_pk),
        )
        undo.pop_all()
        if not _finish(job_pk, run, "核对完成，请查看结果并确认"):
            imports.give_up(run)


@task()
def apply_import(job_pk: int, run_pk: str) -> None:
    """Load a checked import in the background."""
    if not _start(job_pk):
        return

    def last_act(run: DivisionImport) -> None:
        if not _finish(job_pk, run, "已导入"):
            raise Cancelled

    with ExitStack() as undo, suppress(Cancelled):
        undo.callback(_fail, job_pk, BROKEN)  # changes nothing where the job is closed already
        try:
            imports.apply(UUID(run_pk), last_act=last_act)
        except Conflict as refusal:
            _fail(job_pk, refusal.message)


def _start(job_pk: int) -> bool:
    """Take a job that nobody else took."""
    return _move(job_pk, Job.State.QUEUED, state=Job.State.RUNNING)


def _tell(job_pk: int, done: int, total: int) -> None:
    if not _move(job_pk, Job.State.RUNNING, done=done, total=total):
        raise Cancelled


def _fail(job_pk: int, words: str) -> None:
    _move(job_pk, Job.State.RUNNING, state=Job.State.FAILED, message=words)


def _finish(job_pk: int, run: DivisionImport, words: str) -> bool:
    """Close a job as done; False when it was closed meanwhile."""
    counts = f"新增 {run.new_count:,}，变更 {run.change_count:,}，相同 {run.same_count:,}"
    if run.refused_count:
        words = f"核对完成，有 {run.refused_count:,} 行不能导入"
    result = {"next": run.get_absolute_url()}
    return _move(
        job_pk,
        Job.State.RUNNING,
        state=Job.State.DONE,
        message=f"{words}：{counts}",
        result=result,
    )


def _move(job_pk: int, was: str, /, **values: Any) -> bool:
    """Write to a job that is in a state; False when it is not."""
    rows = Job.objects.filter(pk=job_pk, state=was)
    return bool(rows.update(updated_at=clock.now(), **values))
