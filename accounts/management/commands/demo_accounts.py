"""Print one demo account per role, or nothing where the database has none."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from accounts.demo import DEMO_PASSWORD, demo_users
from accounts.roles import Role


class Command(BaseCommand):
    help = "列出演示账号，每种角色一个；没有演示账号时不输出任何内容"

    def handle(self, *args: object, **options: object) -> None:
        first: dict[str, str] = {}
        for username, role in demo_users().order_by("username").values_list("username", "role"):
            first.setdefault(role, username)
        for role in Role:
            if role in first:
                self.stdout.write(f"{first[role]:<16}{DEMO_PASSWORD:<16}{role.label}")
