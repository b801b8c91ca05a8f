"""Acts on accounts. Each leaves its row in the log through the request that asked for it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth import login
from django.db import transaction

from accounts.models import User
from accounts.roles import Permission
from accounts.session import KEY, read_district
from core.exceptions import DomainError, NotAllowed
from core.models import AuditEntry

if TYPE_CHECKING:
    from django.http import HttpRequest

    from divisions.models import Division

# Without the letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679"


def new_password() -> str:
    """Return a first password that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def account_named(username: str) -> User | None:
    """Find the account somebody tried to sign in to: nobody is signed in, so there is no scope."""
    return User.objects.filter(username=username).first() if username else None


def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session and let it remember the account's district."""
    login(request, user)
    request.session[KEY] = read_district(user)


def check_grant(*, by: User, division: Division) -> None:
    """Refuse to give away, or to take, an account of a division that is not one's own to manage."""
    if not by.can(Permission.ACCOUNT_MANAGE):
        raise NotAllowed("只有系统管理员可以管理账号")
    first, last = by.code_range
    if not first <= division.code <= last:
        raise NotAllowed("只能管理本辖区内的账号")


def give_first_password(user: User, password: str) -> None:
    """Save an account with a password that it must change at the next sign-in."""
    user.set_password(password)
    user.must_change_password = True
    user.save()


@transaction.atomic
def create_account(user: User) -> str:
    """Make an account for the person at the server's console; return its first password.

    No account asks for it, so no right is checked: who reaches the console reaches the database.
    """
    user.full_clean(exclude=["password"])
    password = new_password()
    give_first_password(user, password)
    AuditEntry.objects.create(
        user_name="服务器控制台",
        area_code=user.division_id,
        act="accounts:create_account",
        record=f"pk={user.pk}",
        result=200,
    )
    return password


def reset_password(user: User, *, by: User, password: str = "") -> str:
    """Give an account a first password again, which ends its sessions; return the password."""
    check_grant(by=by, division=user.division)
    if user.pk == by.pk:
        raise DomainError("修改自己的密码请用页面右上角的“修改密码”")
    password = password or new_password()
    give_first_password(user, password)
    return password


def change_own_password(user: User, password: str) -> None:
    """Set the password an account chose for itself."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
