from django.apps import AppConfig
from django.core.checks import register

from core.checks import check_views


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "公共"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_views)
