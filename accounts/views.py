"""Signing in and out, one's own password, and what was typed before the session ended."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts import resume, services
from accounts.forms import OwnPasswordForm, SignInForm
from accounts.menu import first_page
from core.forms import process_form
from core.http import for_every_role, local_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from accounts.http import UserRequest

FOREIGN = "刚才填写的内容属于另一个账号，没有保留。"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: UserRequest) -> HttpResponseBase:
    """Ask for account and password, then go where the person wanted to go."""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(first_page(request.user))
    form = SignInForm(request, data=request.POST or None)
    token = request.POST.get(resume.FIELD, "")
    wanted = local_address(request.POST.get("next") or request.GET.get("next") or "")
    if not form.is_valid():
        context = {"form": form, resume.FIELD: token, "next": wanted}
        request.acting_account = services.account_named(request.POST.get("username", ""))
        status = 422 if form.is_bound else 200
        return render(request, "accounts/sign_in.html", context, status=status)
    services.sign_in(request, form.get_user())
    return _go_on(request, token, wanted)


def _go_on(request: UserRequest, token: str, wanted: str = "") -> HttpResponseBase:
    """Lead an account that just signed in to what it was doing."""
    outcome = resume.remember(request, token)
    if outcome == resume.Outcome.KEPT:
        wanted = reverse("accounts:resume")
    if outcome == resume.Outcome.FOREIGN:
        messages.warning(request, FOREIGN)
        wanted = ""
    address = wanted or first_page(request.user)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@login_not_required
@require_POST
def sign_out(request: UserRequest) -> HttpResponse:
    """End the session."""
    request.acting_account = request.user if request.user.is_authenticated else None
    logout(request)
    return redirect("accounts:sign_in")


@never_cache
@require_http_methods(["GET", "POST"])
@for_every_role
def resume_post(request: UserRequest) -> HttpResponse:
    """Show what was typed before the session ended, to be posted again or thrown away."""
    kept = resume.remembered(request)
    if request.method == "POST" or kept is None:
        resume.forget(request)
        return redirect(first_page(request.user))
    context = {"kept": kept, "lines": resume.describe(kept)}
    return render(request, "accounts/resume.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_every_role
def password_change(request: UserRequest) -> HttpResponse:
    """Let an account choose its password; a first password has to be replaced here."""
    user = request.user
    form = OwnPasswordForm(user, request.POST or None)

    def save() -> str:
        services.change_own_password(user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，下次请用新密码登录。")
        return reverse("accounts:resume") if resume.remembered(request) else first_page(user)

    context = {"is_first": user.must_change_password}
    return process_form(
        request, form, save=save, template="accounts/password_change.html", context=context
    )


def csrf_failure(request: UserRequest, reason: str = "") -> HttpResponseBase:
    """Answer a post whose token no longer fits: from our own pages nothing is lost, else 403."""
    if not _is_from_own_page(request):
        return render(request, "403_csrf.html", status=403)
    is_sign_in = resume.FIELD in request.POST or "password" in request.POST
    token = request.POST.get(resume.FIELD, "") if is_sign_in else resume.keep(request)
    if request.user.is_authenticated:
        if not token:
            messages.warning(request, "页面打开太久，已经过期。请重新打开后再试一次。")
        return _go_on(request, token)
    notice = "页面打开太久，已经过期。" + (
        "您填写的内容已保留，请重新登录。" if token else "请再登录一次。"
    )
    return resume.sign_in_page(request, token=token, notice=notice)


def _is_from_own_page(request: HttpRequest) -> bool:
    """Whether a post came from a page of this site, by the headers that no other site can set."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()
