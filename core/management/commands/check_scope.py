"""Take the scope of each model away in turn and see that a test fails: none may go unnoticed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

VARIABLE = "MODEL_WITHOUT_SCOPE"
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def scoped_models() -> list[str]:
    """Return the labels of all models whose rows belong to an area or a person."""
    return [
        model._meta.label
        for model in apps.get_models()
        if hasattr(model._default_manager, "visible_to")
    ]


def run_tests(*arguments: str, without: str = "") -> str:
    """Run tests until one fails, the scope of a model taken away; return the one that failed."""
    environment = {**os.environ, VARIABLE: without}
    environment.pop("DJANGO_SETTINGS_MODULE", None)  # manage.py's: tests have settings of their own
    options = ("-x", "-q", "-rfE", "-p", "no:cacheprovider", "-m", "not browser and not sweep")
    found = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", *options, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    match = FAILED.search(found.stdout)
    return match[1] if match else ""


def first_failure(label: str) -> str:
    """Run the tests, those of the model's own app first; return the first that failed.

    A test that fails without any change proves nothing.
    """
    app = label.partition(".")[0]
    for tests in (("tests/test_permission_matrix.py", "-k", app), (f"tests/{app}",), ("tests",)):
        failure = run_tests(*tests, without=label)
        if failure and run_tests(failure):
            raise CommandError(f"{failure} 本来就不通过，请先改好")
        if failure:
            return failure
    return ""


class Command(BaseCommand):
    help = "逐个去掉各模型的 visible_to，看哪个测试会失败；有一个没被发现则退出码为 1"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("models", nargs="*", help="只查这些模型，如 villages.Village")

    def handle(self, *args: Any, **options: Any) -> None:
        unnoticed = []
        for label in options["models"] or scoped_models():
            failure = first_failure(label)
            self.stdout.write(f"{label:<36} {failure or '没有测试发现'}")
            if not failure:
                unnoticed.append(label)
        if unnoticed:
            raise CommandError(
                f"{len(unnoticed)} 个模型去掉范围后没有测试失败：{'、'.join(unnoticed)}"
            )
