"""What somebody typed outlives the session: it travels, signed, through the sign-in page.

A post that meets no session (expired, idle, cookies gone) is answered with the sign-in page, which
carries the post's address and fields in one signed hidden input. After sign-in the page
「您刚才填写的内容还在」 lists them and posts them again with one click. The idempotency key is
among the fields, so it saves once. What another account typed is thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms import SignInForm
from core.forms import ACCOUNT_FIELD, KEY_FIELD, VERSION_FIELD

if TYPE_CHECKING:
    from django.db import models
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

FIELD = "resume"
SESSION_KEY = "resume"
SALT = "accounts.resume"
MAX_AGE = 12 * 60 * 60
MAX_CHARACTERS = 300_000
CSRF_FIELD = "csrfmiddlewaretoken"
TECHNICAL = {KEY_FIELD, VERSION_FIELD, ACCOUNT_FIELD, CSRF_FIELD, "next", "_save"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A post that was kept: whose it is where that is known, where it went, what it said."""

    account: int | None
    path: str
    fields: list[list[str]]
    had_files: bool

    def belongs_to(self, account: int) -> bool:
        """Whether an account may see it: the one that typed it, or anybody if that is unknown."""
        return self.account in {None, account}


# --- keeping --------------------------------------------------------------------------------------


def keep(request: HttpRequest) -> str:
    """Sign a post's fields for the way through the sign-in page; empty when nothing can be kept.

    Posts with a password are never kept, nor is a file's content.
    """
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name != CSRF_FIELD and isinstance(value, str)
    ]
    if any("password" in name for name, _ in fields):
        return ""
    if sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        return ""
    content = {
        "account": account_of(request),
        "path": request.get_full_path(),
        "fields": fields,
        "had_files": bool(request.FILES),
    }
    return signing.dumps(content, salt=SALT, compress=True)


def account_of(request: HttpRequest) -> int | None:
    """Tell who filled a form in: the account written into it, or the one just signed out."""
    written = request.POST.get(ACCOUNT_FIELD, "")
    if written.isascii() and written.isdigit():
        return int(written)
    return getattr(request, "idle_account", None)


def read(token: str) -> Kept | None:
    """Return what a token holds, unless it is forged or too old."""
    try:
        return Kept(**signing.loads(token, salt=SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        return None


# --- the way through the sign-in page -------------------------------------------------------------


def sign_in_page(
    request: HttpRequest, *, token: str = "", notice: str = "", status: int = 401
) -> HttpResponse:
    """Render the sign-in page with a kept post in it."""
    context = {"form": SignInForm(request), FIELD: token, "notice": notice}
    response = render(request, "accounts/sign_in.html", context, status=status)
    if getattr(request, "htmx", False):
        response["HX-Retarget"] = "body"
        response["HX-Reswap"] = "innerHTML"
    return response


def ask_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Answer a request without a session: a read comes back after the sign-in page."""
    if request.method == "POST":
        token = keep(request)
        return sign_in_page(request, token=token, notice=_notice(request, token))
    htmx: Any = getattr(request, "htmx", False)
    wanted = htmx.current_url_abs_path or "/" if htmx else request.get_full_path()
    address = reverse("accounts:sign_in")
    if wanted != "/":
        address = f"{address}?{urlencode({'next': wanted})}"
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


def _notice(request: HttpRequest, token: str) -> str:
    if token:
        return "登录已过期。您刚才填写的内容已保留，重新登录后可以继续保存。"
    if request.POST:
        return "登录已过期。刚才的内容无法由系统保留，请先重新登录，再用浏览器的“后退”找回。"
    return "登录已过期，请重新登录。"


class Outcome(Enum):
    """What became of a kept post at sign-in."""

    NOTHING = "nothing"
    KEPT = "kept"
    FOREIGN = "foreign"


def remember(request: HttpRequest, token: str) -> Outcome:
    """Put a kept post into the new session, if it is this account's."""
    kept = read(token) if token else None
    if kept is None:
        return Outcome.NOTHING
    if not kept.belongs_to(request.user.pk or 0):
        return Outcome.FOREIGN
    request.session[SESSION_KEY] = token
    return Outcome.KEPT


def remembered(request: HttpRequest) -> Kept | None:
    """Return the kept post of this session, if there is one."""
    token = request.session.get(SESSION_KEY)
    return read(token) if token else None


def forget(request: HttpRequest) -> None:
    """Throw the kept post of this session away."""
    request.session.pop(SESSION_KEY, None)


# --- showing --------------------------------------------------------------------------------------


def describe(kept: Kept) -> list[tuple[str, str]]:
    """List what was typed with the words of the form, leaving out what a person did not type."""
    fields = _model_fields(kept.path)
    lines = []
    for name, value in kept.fields:
        if name in TECHNICAL or not value.strip():
            continue
        field = fields.get(name.rsplit("-", 1)[-1])
        lines.append((str(field.verbose_name) if field else "其他内容", _words(field, value)))
    return lines


def _words(field: models.Field[Any, Any] | None, value: str) -> str:
    if field is None:
        return value
    if field.is_relation:
        return "（已选）"
    return str(dict(field.flatchoices).get(value, value))


def _model_fields(path: str) -> dict[str, models.Field[Any, Any]]:
    """Return the fields that a form at this address may show, those of its own app first."""
    try:
        app = resolve(path.partition("?")[0]).app_name
    except Resolver404:
        app = ""
    found: dict[str, models.Field[Any, Any]] = {}
    for model in sorted(apps.get_models(), key=lambda m: m._meta.app_label != app):
        for field in model._meta.concrete_fields:
            found.setdefault(field.name, field)
    return found
