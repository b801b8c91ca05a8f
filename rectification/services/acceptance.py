"""验收: the rules of the ballots, the result by the standard with its reasons, and the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.roles import Permission
from core import clock
from core.exceptions import Conflict, DomainError, NotAllowed
from rectification.choices import CaseStatus, Conclusion
from rectification.guards import helpers_among
from rectification.models import Acceptance, Cadre
from rectification.services import cases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from rectification.models import Standard

# A counted ballot as the paper sheet has it: who came, the papers, the votes.
TALLY_ROWS = (
    ("expected", "present", "members_expected", "members_present"),
    ("issued", "returned", "valid"),
    ("satisfied", "basically", "dissatisfied"),
)
TALLY_FIELDS = tuple(name for row in TALLY_ROWS for name in row)
SHEET_FIELDS = ("inspected_on", *TALLY_FIELDS, "score", "veto", "decided_on", "decision_no")
OPTIONAL_FIELDS = {"veto"}
STRICTNESS = (Conclusion.PASS, Conclusion.CONSOLIDATE, Conclusion.FAIL)


def label(name: str) -> str:
    """The word for a field of the sheet, as the form shows it."""
    return next(str(f.verbose_name) for f in Acceptance._meta.concrete_fields if f.name == name)


def figure(value: Decimal | float) -> str:
    """A number without idle zeros: 70 for 70.0, 66.7 for 66.7."""
    return f"{Decimal(str(value)).normalize():f}"


def gaps(acceptance: Acceptance, names: Iterable[str] = SHEET_FIELDS) -> list[str]:
    """The fields of the sheet that are still empty."""
    empty: tuple[Any, ...] = (None, "")
    wanted = [name for name in names if name not in OPTIONAL_FIELDS]
    return [name for name in wanted if getattr(acceptance, name) in empty]


def invalid_ballots(acceptance: Acceptance, standard: Standard) -> list[str]:
    """Why the ballot does not count under the standard; empty when it does, or is not held."""
    a = acceptance
    if gaps(a, TALLY_FIELDS):
        return []
    problems = []
    if a.returned > a.issued:  # type: ignore[operator]
        problems.append(f"收回 {a.returned} 票，多于发放的 {a.issued} 票，测评无效，应当重新组织")
    if 100 * a.present < standard.quorum_percent * a.expected:  # type: ignore[operator]
        problems.append(
            f"应到 {a.expected} 人，实到 {a.present} 人，到会率低于 {standard.quorum_percent}%，"
            "测评无效，应当重新组织"
        )
    if a.valid < standard.min_ballots:  # type: ignore[operator]
        problems.append(f"有效票 {a.valid} 张，少于规定的 {standard.min_ballots} 张")
    if 100 * a.members_present < standard.min_member_percent * a.members_expected:  # type: ignore[operator]
        problems.append(
            f"应参加测评的党员 {a.members_expected} 人，参加 {a.members_present} 人，"
            f"低于 {standard.min_member_percent}%"
        )
    return problems


def compute(acceptance: Acceptance, standard: Standard) -> tuple[Conclusion, list[str]]:
    """The conclusion that the standard's lines give for a filled sheet, with each reason in words.

    不合格 on a veto item or either value below its fail line; 合格 when both values reach their
    pass lines; else 基本合格. The rate compared is the printed one, to one decimal.
    """
    ballots = (
        f"（满意 {acceptance.satisfied} + 基本满意 {acceptance.basically}，"
        f"有效 {acceptance.valid} 票）"
    )
    grades = [
        _grade("验收得分", acceptance.score, " 分", standard.pass_score, standard.fail_score),
        _grade(
            f"满意率{ballots}",
            acceptance.satisfaction,
            "%",
            standard.pass_satisfaction,
            standard.fail_satisfaction,
        ),
    ]
    reasons = [words for _, words in grades]
    if acceptance.veto:
        return Conclusion.FAIL, [f"有一票否决事项：{acceptance.veto}", *reasons]
    return max((grade for grade, _ in grades), key=STRICTNESS.index), reasons


def preview(acceptance: Acceptance, standard: Standard) -> tuple[Conclusion, list[str]] | None:
    """What the standard gives so far; None while ballots or score are missing."""
    if gaps(acceptance, (*TALLY_FIELDS, "score")):
        return None
    return compute(acceptance, standard)


def _grade(
    name: str, value: Decimal | None, unit: str, pass_line: Decimal, fail_line: Decimal
) -> tuple[Conclusion, str]:
    """Where one value stands against its two lines, in words with the numbers."""
    said = f"{name} {figure(value or 0)}{unit}"
    if value is None or value < fail_line:
        return Conclusion.FAIL, f"{said}，低于不合格线 {figure(fail_line)}{unit}"
    if value < pass_line:
        return Conclusion.CONSOLIDATE, (
            f"{said}，不低于不合格线 {figure(fail_line)}{unit}，"
            f"未达到合格线 {figure(pass_line)}{unit}"
        )
    return Conclusion.PASS, f"{said}，达到合格线 {figure(pass_line)}{unit}"


def check_open(acceptance: Acceptance, *, by: User) -> None:
    """Refuse to touch a sheet that is sealed, or whose team has not been sent."""
    if not by.can(Permission.CASE_MANAGE):
        raise NotAllowed("验收由组织部登记")
    link, link_text = acceptance.get_absolute_url(), "看验收记录"
    if acceptance.conclusion:
        raise Conflict("这次验收已经审定，记录不能再改", link=link, link_text=link_text)
    if acceptance.returned_on:
        raise Conflict("这次验收申请已经退回，记录不能再改", link=link, link_text=link_text)
    if acceptance.case.status != CaseStatus.INSPECTING:
        raise DomainError(
            f"档案现在是“{acceptance.case.get_status_display()}”，先“组织验收”再登记测评和得分",
            link=acceptance.case.get_absolute_url(),
            link_text="看档案",
        )


def note_team(acceptance: Acceptance, *, former: Iterable[Cadre], by: User) -> None:
    """Refuse a team in which somebody helped the village; leave an event when it was changed."""
    case, team = acceptance.case, list(Cadre.objects.filter(acceptances=acceptance))
    if not team or helpers_among(case, team):
        raise DomainError("验收组要有成员，帮扶过该村的人应当回避")
    before, after = ("、".join(sorted(c.name for c in rows)) for rows in (former, team))
    if {cadre.pk for cadre in former} != {cadre.pk for cadre in team}:
        note = f"验收组成员：{before or '（空）'} → {after}"
        cases.record(case, "acceptance_team", "调整验收组", by=by, on=clock.today(), note=note)


def note_sheet(acceptance: Acceptance, lines: Iterable[str], *, by: User) -> None:
    """Leave an event for what was entered, each line with the former value and the new one."""
    note = "；".join(lines)
    if note:
        on = acceptance.inspected_on or clock.today()
        cases.record(
            acceptance.case, "acceptance_sheet", "登记验收测评和得分", by=by, on=on, note=note
        )


@transaction.atomic
def conclude(
    acceptance: Acceptance,
    *,
    by: User,
    conclusion: Conclusion | None = None,
    lowered_reason: str = "",
    new_deadline: date | None = None,
) -> Acceptance:
    """审定: compute the result from the filled sheet, take it or a stricter one, and move the case.

    The sheet's fields stand on ``acceptance``, saved or not. Afterwards the record is sealed.
    """
    check_open(acceptance, by=by)
    standard = acceptance.case.round.standard
    _check_sheet(acceptance, standard)
    computed, reasons = compute(acceptance, standard)
    chosen = Conclusion(conclusion or computed)
    _check_choice(computed, chosen, lowered_reason)
    lowered = lowered_reason if chosen != computed else ""
    sealed: dict[str, Any] = {name: getattr(acceptance, name) for name in SHEET_FIELDS}
    sealed |= {"computed": computed, "computed_reasons": reasons}
    sealed |= {"conclusion": chosen, "lowered_reason": lowered}
    unchanged = Acceptance.objects.filter(
        pk=acceptance.pk, version=acceptance.version, conclusion="", returned_on=None
    )
    if not unchanged.update(version=F("version") + 1, **sealed):
        raise Conflict("这次验收刚被他人办理，请刷新后再看")
    cases.conclude(
        acceptance.case,
        chosen,
        by=by,
        on=acceptance.decided_on,  # type: ignore[arg-type]
        decision_no=acceptance.decision_no,
        note=_summary(computed, chosen, reasons, lowered),
        new_deadline=new_deadline,
    )
    acceptance.refresh_from_db()
    return acceptance


def _check_sheet(acceptance: Acceptance, standard: Standard) -> None:
    """Refuse a sheet that is not filled, contradicts itself or rests on a void ballot."""
    missing = gaps(acceptance)
    if missing:
        raise DomainError("还不能审定，缺少：" + "、".join(label(name) for name in missing))
    problems = invalid_ballots(acceptance, standard)
    if problems:
        raise DomainError("还不能审定：" + "；".join(problems))
    try:
        acceptance.validate_constraints()
    except ValidationError as error:
        raise DomainError("；".join(error.messages)) from error
    if acceptance.decided_on > clock.today():  # type: ignore[operator]
        raise DomainError("审定日期不能晚于今天")
    if not acceptance.applied_on <= acceptance.inspected_on <= acceptance.decided_on:  # type: ignore[operator]
        raise DomainError("验收日期应在申请日期之后、审定日期之前（可以同日）")


def _check_choice(computed: Conclusion, chosen: Conclusion, lowered_reason: str) -> None:
    """People may lower the computed result with a reason, never raise it."""
    if STRICTNESS.index(chosen) < STRICTNESS.index(computed):
        raise DomainError(f"按标准得出的是“{computed.label}”，只能从严，不能改为“{chosen.label}”")
    if chosen != computed and not lowered_reason:
        raise DomainError(f"按标准得出的是“{computed.label}”，改为“{chosen.label}”要写明从严的理由")


def _summary(computed: Conclusion, chosen: Conclusion, reasons: list[str], lowered: str) -> str:
    words = f"{chosen.label}。" + "；".join(reasons)
    if chosen != computed:
        words += f"。按标准为“{computed.label}”，从严：{lowered}"
    return words
