"""撤回 asks for nothing but the reason."""

from core.forms import Form
from rectification.forms.steps import long_text


class UndoForm(Form):
    """Why the step is taken back."""

    reason = long_text("撤回原因", 300, help_text="原来的办理和这次撤回都保留在办理记录中")
