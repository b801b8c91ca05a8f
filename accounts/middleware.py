"""Three walls before each view: idle sessions, unknown people, first passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.resume import ask_sign_in
from accounts.session import district_of
from core import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from accounts.http import UserRequest

SEEN_KEY = "seen_at"
SEEN_STEP = 60  # seconds; writing the session on each request would cost more than it tells


class IdleLogoutMiddleware:
    """Ends a session in which nothing was asked for longer than the district allows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: UserRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._end_or_go_on(request)
        return self.get_response(request)

    @staticmethod
    def _end_or_go_on(request: UserRequest) -> None:
        moment = int(clock.now().timestamp())
        seen = request.session.get(SEEN_KEY, moment)
        if moment - seen > district_of(request)["idle_minutes"] * 60:
            request.idle_account = request.user.pk
            logout(request)
        elif SEEN_KEY not in request.session or moment - seen >= SEEN_STEP:
            request.session[SEEN_KEY] = moment


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's wall, but what was posted at it survives the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        return ask_sign_in(request)


class FirstPasswordMiddleware:
    """Lets an account with a password that somebody else chose do nothing but change it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: UserRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        address = reverse("accounts:password_change")
        if not request.user.must_change_password or request.path == address:
            return None
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
