"""Two thin layers around every view: refusals become words, acts leave a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from core import trace
from core.exceptions import DomainError
from core.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

READING = {"GET", "HEAD", "OPTIONS"}


class DomainErrorMiddleware:
    """Shows a DomainError as a Chinese message: a page, or a part for htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if not getattr(request, "htmx", False):
            return render(request, "error.html", {"error": error}, status=error.status_code)
        response = render(request, "_error.html", {"error": error}, status=error.status_code)
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML"
        return response


class AuditMiddleware:
    """Writes one row for each act (every request that is not mere reading) and for each export."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trace.begin()
        response = self.get_response(request)
        match = request.resolver_match
        is_export = "attachment" in response.get("Content-Disposition", "")
        if match and (request.method not in READING or is_export):
            self._write(request, match.view_name, match.kwargs, response.status_code)
        return response

    @staticmethod
    def _write(request: HttpRequest, act: str, arguments: dict[str, object], status: int) -> None:
        signed_in = request.user if request.user.is_authenticated else None
        user = getattr(request, "acting_account", None) or signed_in
        record = " ".join([*(f"{key}={value}" for key, value in arguments.items()), trace.noted()])
        AuditEntry.objects.create(
            user=user,
            user_name=getattr(user, "name", ""),
            role=getattr(user, "role", ""),
            area_code=getattr(user, "division_id", ""),
            act=act[:100],
            record=record.strip()[:200],
            result=status,
        )
