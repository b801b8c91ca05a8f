import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.checks import run_checks
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.decorators import require
from accounts.roles import Permission
from core.checks import check_views
from core.http import for_every_role, require_right

urlpatterns = []


def view(request):
    return None


def routed(settings, checked):
    """Route one view behind a prefix, without a name."""
    urlpatterns[:] = [path("part/", include([path("page/<int:pk>/", checked)]))]
    settings.ROOT_URLCONF = __name__
    return check_views()


def test_every_view_of_the_product_says_who_may_use_it():
    assert run_checks() == []


def test_the_product_does_not_start_with_a_view_open_by_oversight(settings):
    error = routed(settings, require_safe(never_cache(view)))[0]
    assert "/part/page/<int:pk>/ 没有写明" in error.msg
    assert error.is_serious()


@pytest.mark.parametrize(
    "decorator",
    [
        require(Permission.CASE_VIEW),
        require_right("audit_view", "查操作日志"),
        for_every_role,
        login_not_required,
    ],
)
def test_a_view_says_it_by_its_decorator_under_any_other(settings, decorator):
    assert routed(settings, require_safe(never_cache(decorator(view)))) == []


def test_no_permission_at_all_is_not_said(settings):
    assert routed(settings, require()(view))


@pytest.fixture(autouse=True)
def _unmarked():
    """A mark stays on the function: take it off again."""
    yield
    view.__dict__.clear()
