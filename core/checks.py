"""What must hold before the product starts: no page is open to a role by oversight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import Error
from django.urls import URLPattern, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.urls import URLResolver

ADMIN = "admin"  # each of its views asks the registered model's rights


def routed_views(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the path and the view of every address outside the admin, those without a name too."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path, pattern.callback
        elif pattern.app_name != ADMIN:
            yield from routed_views(pattern.url_patterns, path)


def says_who_may(view: Callable[..., Any]) -> bool:
    """Whether a view names its permissions, or is open to every role or everybody on purpose."""
    on_purpose = getattr(view, "for_every_role", False) or not getattr(view, "login_required", True)
    return on_purpose or bool(getattr(view, "permissions", ()))


def check_views(**options: Any) -> list[Error]:
    """Refuse to start with a view that does not say who may use it."""
    return [
        Error(
            f"{path} 没有写明哪些角色可以使用",
            hint="给视图加上 @require(...)；确实对所有角色开放的加 @for_every_role",
            id="core.E001",
        )
        for path, view in routed_views(get_resolver().url_patterns)
        if not says_who_may(view)
    ]
