"""Why a step is taken back."""

from __future__ import annotations

from core.forms import ActForm
from rectification.forms.steps import latest_act, long_text


class UndoForm(ActForm):
    """Why the step is taken back that stood on the page, not one that came after it."""

    reason = long_text("撤回原因", 300, help_text="原来的办理和这次撤回都保留在办理记录中")

    def what_happened(self) -> str:
        return latest_act(self.item.events.all()) or super().what_happened()
