"""The proof of scope is itself proved: one model a time, never by a test that fails anyway."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core.management.commands import check_scope
from rectification.models import Acceptance, StageAssessment
from tests.tools.scope import open_scope

STAGE = "rectification.StageAssessment"


def is_open(model):
    return not model.objects.visible_to(User(role="auditor")).query.is_empty()


def test_taking_one_scope_away_leaves_those_that_share_its_queryset():
    manager = StageAssessment._default_manager
    kind = type(manager)
    assert manager._queryset_class is Acceptance._default_manager._queryset_class
    open_scope(StageAssessment)
    try:
        assert is_open(StageAssessment)
        assert not is_open(Acceptance)
    finally:
        manager.__class__ = kind
    assert not is_open(StageAssessment)


def answers(monkeypatch, *, changed, unchanged=""):
    """Let tests end without being run: with the scope taken away, and as they are."""
    monkeypatch.setattr(
        check_scope, "run_tests", lambda *names, without="": changed if without else unchanged
    )


def test_the_test_that_notices_is_named(monkeypatch, capsys):
    answers(monkeypatch, changed="tests/x.py::test_y")
    call_command("check_scope", STAGE)
    assert "tests/x.py::test_y" in capsys.readouterr().out


def test_a_scope_that_nobody_misses_is_an_error(monkeypatch, capsys):
    answers(monkeypatch, changed="")
    with pytest.raises(CommandError, match=STAGE):
        call_command("check_scope", STAGE)


def test_a_test_that_fails_anyway_proves_nothing(monkeypatch):
    answers(monkeypatch, changed="tests/x.py::test_y", unchanged="tests/x.py::test_y")
    with pytest.raises(CommandError, match="本来就不通过"):
        call_command("check_scope", STAGE)


def test_tests_run_under_their_own_settings(monkeypatch):
    seen = {}

    def started(command, env, **options):
        seen.update(env)
        return type("Done", (), {"stdout": "FAILED tests/x.py::test_y - AssertionError"})

    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    monkeypatch.setattr(check_scope.subprocess, "run", started)
    assert check_scope.run_tests("tests", without=STAGE) == "tests/x.py::test_y"
    assert "DJANGO_SETTINGS_MODULE" not in seen
    assert seen[check_scope.VARIABLE] == STAGE
