"""Load a file of divisions and villages, of any size, from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import Conflict
from villages import imports
from villages.models import DivisionImport

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "导入区划和村庄（.xlsx、.csv 或 .csv.gz，两列：区划代码、名称）；有一行错误就什么都不导入"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="要导入的文件")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不导入")
        parser.add_argument(
            "--valid-from",
            type=date.fromisoformat,
            metavar="DATE",
            help="新增区划的启用日期，如 2026-01-01；不写表示未知",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"找不到文件 {path}")
        with path.open("rb") as content:
            run = imports.check(content, path.name, valid_from=options["valid_from"])
        self._tell(run)
        if run.state == DivisionImport.State.REFUSED:
            raise CommandError("文件有错误，什么都没有导入；请按上面的说明改好后再试")
        if options["dry_run"]:
            imports.give_up(run)
            self.stdout.write("只核对，没有导入")
            return
        try:
            imports.apply(run.pk)
        except Conflict as refusal:
            imports.give_up(run)
            raise CommandError(refusal.message) from refusal
        self.stdout.write("已导入")

    def _tell(self, run: DivisionImport) -> None:
        for notice in run.notices:
            self.stdout.write(f"提示：{notice}")
        for change in run.rows.filter(outcome="change").order_by("code")[: imports.REFUSALS_SHOWN]:
            self.stdout.write(f"变更：{change.code} {change.old_name} → {change.name}")
        for row, column, reason in run.refusals:
            where = "，".join(filter(None, (f"第 {row} 行" if row else "", str(column))))
            self.stderr.write(f"{where}：{reason}" if where else str(reason))
        if run.refused_count > len(run.refusals):
            self.stderr.write(f"……只列出前 {len(run.refusals)} 处错误")
        self.stdout.write(
            f"新增 {run.new_count}，变更 {run.change_count}，"
            f"相同 {run.same_count}，拒绝 {run.refused_count}"
        )
