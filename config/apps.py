"""The admin with the product's own site in place of Django's."""

from django.contrib.admin.apps import AdminConfig


class ProductAdminConfig(AdminConfig):
    default_site = "core.admin_site.ProductAdminSite"
