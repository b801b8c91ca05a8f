"""运行状态: is everything that has to run running. Reads the system, no case."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tasks_db.models import DBTaskResult

from core import clock
from core.templatetags.ui import short_time

LOW_DISK = 2 * 1024**3
WAITS_TOO_LONG = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the page: what was looked at, what was found, and whether that is well."""

    name: str
    found: str
    kind: str = "good"
    advice: str = ""


def size_words(size: int) -> str:
    """A number of bytes as a person reads it."""
    value = float(size)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def database_size() -> int:
    """Return the bytes the database takes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            )
        return int(cursor.fetchone()[0])


def check_database() -> Check:
    words = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
        connection.vendor, connection.vendor
    )
    return Check("数据库", f"{words}，{size_words(database_size())}")


def check_migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        advice = "请执行 python3 run.py manage migrate 后重新启动"
        return Check("数据库结构", f"有 {missing} 项更新没有执行", "bad", advice)
    return Check("数据库结构", "已是最新")


def check_worker() -> Check:
    """The worker shows itself only by its work: nothing may wait long for it."""
    late = DBTaskResult.objects.ready().filter(enqueued_at__lt=clock.now() - WAITS_TOO_LONG).count()
    if late:
        advice = "后台任务进程可能没有运行，请重新启动系统"
        return Check("后台任务", f"{late} 项等了 2 分钟以上", "bad", advice)
    waiting = DBTaskResult.objects.ready().count()
    last = DBTaskResult.objects.exclude(finished_at=None).order_by("-finished_at").first()
    seen = f"，最近一次办完于 {short_time(last.finished_at)}" if last else ""
    return Check("后台任务", f"{waiting} 项在排队{seen}")


def check_disk() -> Check:
    folder = Path(settings.DATA_DIR)
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    if free < LOW_DISK:
        return Check("磁盘剩余", size_words(free), "bad", "请清理磁盘，空间用完后将无法保存")
    return Check("磁盘剩余", size_words(free))


def check_versions() -> Check:
    found = f"Python {platform.python_version()}，Django {django.get_version()}"
    return Check("版本", found, "neutral")


def check_all() -> list[Check]:
    """Look at everything once."""
    return [
        check_database(),
        check_migrations(),
        check_worker(),
        check_disk(),
        check_versions(),
    ]
