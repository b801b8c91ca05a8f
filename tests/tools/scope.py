"""Taking the scope of one model away, to prove that a test would notice."""

import os

from django.apps import apps

from core.management.commands.check_scope import VARIABLE


def take_scope_away():
    """Make visible_to of the model named in the environment return every row."""
    label = os.environ.get(VARIABLE)
    if not label:
        return
    queryset = type(apps.get_model(label)._default_manager.all())
    queryset.visible_to = lambda rows, user: rows.all()
