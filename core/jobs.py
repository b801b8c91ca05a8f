"""How a job ends other than by its own work: taken back by its owner, or found dead."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.exceptions import Conflict
from core.models import Job

# Longer than the longest part of a job that tells nothing of its progress.
SILENT_TOO_LONG = timedelta(minutes=15)
TAKEN_BACK = "已由您取消，什么都没有改动。"
DIED = (
    "超过 15 分钟没有进展，后台任务进程可能已中断，什么都没有改动。"
    "请重新办理一次；仍不行请联系系统管理员查看“运行状态”。"
)


def cancel(job: Job) -> None:
    """Take a job back; what it did so far is undone by whoever works on it."""
    if _end(job, Job.State.QUEUED, Job.State.CANCELLED, TAKEN_BACK):
        drop_source(job)
    elif not _end(job, Job.State.RUNNING, Job.State.CANCELLED, TAKEN_BACK):
        raise Conflict("这个任务已经结束，不能再取消", link=job.get_absolute_url())


def end_if_dead(job: Job) -> None:
    """Close a job whose worker was killed; one that still lives finds its job closed and stops."""
    silent = job.state == Job.State.RUNNING and job.updated_at < clock.now() - SILENT_TOO_LONG
    if silent and _end(job, Job.State.RUNNING, Job.State.FAILED, DIED):
        drop_source(job)


def drop_source(job: Job) -> None:
    """Delete the uploaded file of a job that needs it no longer."""
    job.source.delete(save=False)
    Job.objects.filter(pk=job.pk).update(source="")


def _end(job: Job, was: str, becomes: str, message: str) -> bool:
    """Close a job that is in a state and as silent as it was read; False when it is not."""
    rows = Job.objects.filter(pk=job.pk, state=was)
    if becomes == Job.State.FAILED:
        rows = rows.filter(updated_at=job.updated_at)
    if not rows.update(state=becomes, message=message, updated_at=clock.now()):
        return False
    job.refresh_from_db()
    return True
