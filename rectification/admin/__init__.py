"""What changes yearly changes here: standards and causes. All else is searched and read."""

from rectification.admin import causes, records, standards

__all__ = ["causes", "records", "standards"]
