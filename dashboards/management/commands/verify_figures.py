"""Compare the founding report's figures with the records of the demo district."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.demo import DEMO_PROVINCE
from dashboards.figures_report import AS_OF, YEAR, Figure, Records, figures
from divisions.codes import code_range
from rectification.models import Case, Round, StageAssessment
from surveys.models import SurveyRecord


class Command(BaseCommand):
    help = "核对调研报告中的数字；有一项不一致时退出码为 1"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: object, **options: object) -> None:
        found = demo_figures()
        self.stdout.write(as_json(found) if options["json"] else as_table(found))
        wrong = [figure.spec.name for figure in found if not figure.is_met]
        if wrong:
            raise CommandError(f"有 {len(wrong)} 项不一致：{'、'.join(wrong)}")


def demo_figures() -> list[Figure]:
    """The figures of the demo district's round."""
    rounds = Round.objects.filter(year=YEAR, district__code__range=code_range(DEMO_PROVINCE))
    listed_in = rounds.first()
    if listed_in is None:
        raise CommandError(f"没有演示区 {YEAR} 年的轮次，先运行 seed_demo 生成演示数据")
    return figures(
        Records(
            Case.objects.filter(round=listed_in),
            SurveyRecord.objects.filter(round=listed_in),
            StageAssessment.objects.filter(case__round=listed_in),
        )
    )


def as_json(found: list[Figure]) -> str:
    rows = [
        {
            "key": figure.spec.key,
            "name": figure.spec.name,
            "definition": figure.spec.definition,
            "expected": figure.spec.expected,
            "at_least": figure.spec.is_at_least,
            "found": figure.found,
            "equal": figure.is_met,
        }
        for figure in found
    ]
    return json.dumps({"as_of": str(AS_OF), "figures": rows}, ensure_ascii=False, indent=2)


def as_table(found: list[Figure]) -> str:
    lines = [f"调研报告数字核对（截至 {AS_OF}）", "一致    报告  记录  项目"]
    for figure in found:
        mark = "是" if figure.is_met else "否"
        expected = f"{'≥' if figure.spec.is_at_least else ''}{figure.spec.expected}"
        lines.append(f"{mark}    {expected:>6}  {figure.found:>4}  {figure.spec.name}")
    return "\n".join(lines)
