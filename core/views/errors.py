"""Error pages; for htmx a part that lands in the page's message region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core import clock
from core.exceptions import DomainError
from core.templatetags.ui import short_time

if TYPE_CHECKING:
    from django.http import HttpRequest

FORBIDDEN = "您的账号没有办理这一步的权限，没有任何内容被改动"
NOT_FOUND = "没有找到：内容不存在，或者不在您的辖区和职责范围内"


def _answer(request: HttpRequest, page: str, words: str, status: int) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return render(request, page, status=status)
    response = render(request, "_error.html", {"error": DomainError(words)}, status=status)
    response["HX-Retarget"] = "#messages"
    response["HX-Reswap"] = "innerHTML"
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "403.html", FORBIDDEN, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, "404.html", NOT_FOUND, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without account, menu and database, because any of them may be what broke."""
    content = render_to_string("500.html", {"moment": short_time(clock.now())})
    return HttpResponse(content, status=500)
