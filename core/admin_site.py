"""The admin's site: for accounts with a right in it, a 404 for everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.http import Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from core.admin import ScopedAdmin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse


class ProductAdminSite(AdminSite):
    """Has no sign-in of its own and holds only models whose rights come from ``user.can``."""

    site_title = site_header = "后台管理"
    index_title = "可以维护的内容"
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Leave out what packages bring along (Django's groups, task results): it has no scope."""
        if admin_class and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(
        self,
        view: Any,
        cacheable: bool = False,  # noqa: FBT001, FBT002 - as Django calls it
    ) -> Any:
        """Answer 404 where Django would send to its own sign-in page."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return csrf_protect(inner if cacheable else never_cache(inner))

    def closed(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Accounts sign in, sign out and change their password on the product's pages."""
        raise Http404

    login = logout = password_change = password_change_done = closed  # type: ignore[assignment]
