"""Fill an empty database with a fictional district, so that every page has something to show."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from dashboards.demo import make_demo
from divisions.models import Division


class Command(BaseCommand):
    help = "生成演示数据：虚构的区、历年整顿和进行中的轮次，每种角色都有账号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="已有账号或区划时什么也不做")

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        if User.objects.exists() or Division.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("数据库里已有账号或区划，演示数据只能放进空的数据库")
        make_demo()
