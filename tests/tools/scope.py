"""Taking the scope of one model away, to prove that a test would notice."""

import os

from django.apps import apps

from core.management.commands.check_scope import VARIABLE


def take_scope_away():
    """Make visible_to of the model named in the environment return every row.

    Several models may share one queryset class: the model gets a manager and a queryset of its own,
    so that its scope alone is gone. Related managers (``case.visits``) derive from the manager.
    """
    label = os.environ.get(VARIABLE)
    if label:
        open_scope(apps.get_model(label))


def open_scope(model):
    """Give a model's default manager a queryset without scope."""
    manager = model._default_manager
    shared, kind = manager._queryset_class, type(manager)
    queryset = type(shared.__name__, (shared,), {"visible_to": lambda rows, user: rows.all()})
    manager.__class__ = type(kind.__name__, (kind,), {"_queryset_class": queryset})
