"""Villages, their yearly files (村情档案), the terms of their secretaries, imports."""

from villages.models.files import FIRST_YEAR, NOT_MORE_THAN, Degree, Rating, VillageFile
from villages.models.imports import DivisionImport, NameChange, StagedRow
from villages.models.terms import SecretaryTerm
from villages.models.villages import Village

__all__ = [
    "FIRST_YEAR",
    "NOT_MORE_THAN",
    "Degree",
    "DivisionImport",
    "NameChange",
    "Rating",
    "SecretaryTerm",
    "StagedRow",
    "Village",
    "VillageFile",
]
