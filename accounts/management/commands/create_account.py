"""Make an account from the server's console: how the first account of a site comes to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import services
from accounts.models import User
from accounts.roles import Department, Role
from divisions.models import Division

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from enum import Enum


def listed(choices: type[Enum]) -> str:
    """List choices with their words: office（组织部经办）、…"""
    return "、".join(f"{item.value}（{item.label}）" for item in choices)  # type: ignore[attr-defined]


class Command(BaseCommand):
    help = "在服务器上建立一个账号，如正式使用时的第一个系统管理员；初始密码只显示这一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="账号名")
        parser.add_argument("--role", required=True, help=f"角色：{listed(Role)}")
        parser.add_argument(
            "--division", required=True, metavar="CODE", help="所属区划的 12 位代码"
        )
        parser.add_argument(
            "--department", default="", help=f"只有“部门”角色填写：{listed(Department)}"
        )
        parser.add_argument("--name", default="", help="姓名；不写则与账号名相同")

    def handle(self, *args: Any, **options: Any) -> None:
        role, code = options["role"], options["division"]
        if role not in Role.values:
            raise CommandError(f"没有“{role}”这个角色，可用的角色：{listed(Role)}")
        if options["department"] not in {"", *Department.values}:
            raise CommandError(f"没有“{options['department']}”这个部门，可用：{listed(Department)}")
        division = Division.objects.filter(code=code).first()
        if division is None:
            raise CommandError(
                f"没有代码为 {code} 的区划：代码是 12 位数字，区划要先用 import_divisions 导入"
            )
        user = User(
            username=options["username"],
            name=options["name"] or options["username"],
            role=role,
            division=division,
            department=options["department"],
        )
        try:
            password = services.create_account(user)
        except ValidationError as error:
            raise CommandError("没有建立账号：" + "；".join(error.messages)) from error
        self.stdout.write(f"已建立账号 {user.username}（{user.get_role_display()}，{division}）")
        self.stdout.write(f"初始密码：{password}（只显示这一次，首次登录时须修改）")
