"""The vocabularies of investigation: what kind of record, on which level."""

from __future__ import annotations

from django.db import models


class RecordKind(models.TextChoices):
    SEMINAR = "seminar", "座谈会"
    INTERVIEW = "interview", "访谈"
    QUESTIONNAIRE = "questionnaire", "问卷"


# Both are face to face: the people in them are counted together.
TALKS = (RecordKind.SEMINAR, RecordKind.INTERVIEW)


class RecordLevel(models.TextChoices):
    VILLAGE = "village", "村"
    TOWNSHIP = "township", "乡镇"
    DISTRICT = "district", "区"
