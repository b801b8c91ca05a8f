"""Fill an empty database with a fictional district, so that every page has something to show."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from accounts.roles import Department, Role
from divisions.codes import read_code
from divisions.models import Division

DISTRICT = "990101000000"
TOWNSHIP = "990101100000"
DIVISIONS = {
    "990000000000": "演示省",
    "990100000000": "演示市",
    DISTRICT: "演示区",
    TOWNSHIP: "青石镇",
}
ACCOUNTS = [
    ("office1", "王文", Role.OFFICE, DISTRICT, ""),
    ("township1", "李镇", Role.TOWNSHIP, TOWNSHIP, ""),
    ("leader1", "赵区", Role.LEADER, DISTRICT, ""),
    ("helper1", "陈帮", Role.HELPER, DISTRICT, ""),
    ("department1", "周信", Role.DEPARTMENT, DISTRICT, Department.PETITION),
    ("auditor1", "孙审", Role.AUDITOR, DISTRICT, ""),
    ("sysadmin1", "吴系", Role.SYSADMIN, DISTRICT, ""),
]


class Command(BaseCommand):
    help = "生成演示数据（虚构的区划和每种角色一个账号）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="已有账号或区划时什么也不做")

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        if User.objects.exists() or Division.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("数据库里已有账号或区划，演示数据只能放进空的数据库")
        for code, name in DIVISIONS.items():
            info = read_code(code)
            Division.objects.create(
                code=code, name=name, level=info.level, parent_id=info.parent or None
            )
        for username, name, role, division, department in ACCOUNTS:
            User.objects.create_user(
                username,
                DEMO_PASSWORD,
                name=name,
                role=role,
                division_id=division,
                department=department,
                must_change_password=False,
            )
