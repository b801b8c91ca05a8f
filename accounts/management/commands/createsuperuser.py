"""Stand in front of Django's command of this name: the product has no superuser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "不使用：本系统没有超级用户，请用 create_account"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the options of Django's command, so that they too get the sentence."""
        parser.add_argument("given", nargs="*")
        for name in ("--username", "--name", "--role", "--division", "--database"):
            parser.add_argument(name)
        parser.add_argument("--no-input", "--noinput", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "本系统没有超级用户。请用 create_account 建立第一个系统管理员，如：\n"
            "python3 run.py manage create_account admin --role sysadmin --division 110116000000"
        )
