"""What a view demands of the account; core.checks refuses a view that does not say."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from core.exceptions import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.roles import Permission

View = "Callable[..., HttpResponse]"


def require(*permissions: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only accounts through that hold one of the permissions; others get 403 in words."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.can(permission) for permission in permissions):
                words = "、".join(str(permission.label) for permission in permissions)
                raise NotAllowed(
                    f"您的账号（{request.user.get_role_display()}）没有“{words}”的权限，"
                    "如工作需要请联系区委组织部"
                )
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate
