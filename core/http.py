"""Small things that every view may need of HTTP."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.vary import vary_on_headers

from core.exceptions import NotAllowed
from core.forms import VERSION_FIELD, claim_key, is_same, note_result, saved_before, stale_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import OrderBy, QuerySet
    from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 50

htmx_part = vary_on_headers("HX-Request")


class KeysFirstPaginator(Paginator[Any]):
    """Finds the keys of a page before its rows, so that a page deep in a list costs little more.

    Skipping rows that were joined with all they show costs in proportion to how many are skipped.
    """

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        if number == 1:
            return super().page(number)
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        first = (number - 1) * self.per_page
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)


def paginate(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return the page of rows that the address asks for (``?page=2``), else the nearest."""
    return KeysFirstPaginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def sort_rows(
    request: HttpRequest, rows: QuerySet[Any], sorts: Mapping[str, tuple[str, ...]]
) -> QuerySet[Any]:
    """Order rows by ``?sort=name`` or ``?sort=-name``; an unknown name leaves them as they are.

    What is empty comes last both ways: left alone, SQLite and PostgreSQL disagree about it.
    """
    asked = request.GET.get("sort", "")
    paths = sorts.get(asked.removeprefix("-"))
    if paths is None:
        return rows
    return rows.order_by(*(_ordering(path, down=asked.startswith("-")) for path in paths), "pk")


def _ordering(path: str, *, down: bool) -> OrderBy:
    column = F(path)
    return column.desc(nulls_last=True) if down else column.asc(nulls_last=True)


def act_once(request: HttpRequest, act: Callable[[], str], *, item: Any = None) -> HttpResponse:
    """Do a button's act once per key, in one transaction, and go to the address it returns.

    For buttons without a form of their own; refusals travel as DomainError to the middleware.
    ``item`` is the row acted on, when the button sends the version of it that the page showed.
    """
    with transaction.atomic():
        submission, is_first = claim_key(request)
        if submission and not is_first:
            if not is_same(submission, request):
                raise saved_before(submission)
            return HttpResponseRedirect(submission.location or request.path)
        if item and request.POST.get(VERSION_FIELD, "") not in {"", str(item.version)}:
            raise stale_page(item, "别人已经办理或改动过。")
        location = act()
        note_result(submission, location)
    return HttpResponseRedirect(location)


def render_list(
    request: HttpRequest, page_template: str, part_template: str, context: dict[str, Any]
) -> HttpResponse:
    """Render a list page, or only its table when htmx asks for it."""
    part = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, part_template if part else page_template, context)


def local_address(address: str) -> str:
    """Return an address if it is a path of this site, else nothing."""
    is_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if is_path else ""


def for_every_role(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that every signed-in account may use; core.checks refuses one without a mark."""
    view.for_every_role = True  # type: ignore[attr-defined]
    return view


def require_right(right: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only accounts through that hold a right; for core's own pages, which know no roles."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.can(right):
                raise NotAllowed(f"您的账号没有“{words}”的权限，如工作需要请联系本单位系统管理员")
            return view(request, *args, **kwargs)

        guarded.permissions = (right,)  # type: ignore[attr-defined]
        return guarded

    return decorate
