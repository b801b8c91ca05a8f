"""Secretaries of every village since 2004: terms that begin and end with elections or between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from simple_history.utils import bulk_create_with_history

from dashboards.demo.the_29 import DESIGNATED_ON, Listed
from dashboards.demo.world import World, elections_until, pick
from villages.models import SecretaryTerm

if TYPE_CHECKING:
    from villages.models import Village

Term = SecretaryTerm
# Of a hundred secretaries, how many are chosen anew at an election.
CHANGE_PERCENT = 40
VACANT_PLACES = ((3, -1), (8, -1))  # township, village: without a secretary for more than 3 months
VACANT_DAYS = 110
TO_REPLACE_PLACES = ((0, -1), (5, -1), (10, -1))
WAYS = (Term.ChosenBy.SENT, Term.ChosenBy.OPEN, Term.ChosenBy.NEIGHBOUR)


def make_terms(world: World, listed: list[Listed]) -> None:
    """Create the terms of all villages of the district."""
    of_village = {row.village.pk: row for row in listed}
    terms: list[SecretaryTerm] = []
    for village in world.all_villages():
        row = of_village.get(village.pk)
        chain = make_chain(world, village, row.changes if row else set())
        if row:
            chain = fit_2014(world, chain, row)
        terms += chain
    mark_present(world, terms)
    bulk_create_with_history(terms, SecretaryTerm, batch_size=500, default_change_reason="登记")


def make_chain(world: World, village: Village, changes: set[date]) -> list[SecretaryTerm]:
    """A village's secretaries from election to election."""
    chain: list[SecretaryTerm] = []
    for held in elections_until(world.today):
        keeps = held not in changes and world.rng.randrange(100) >= CHANGE_PERCENT
        if chain and keeps:
            continue
        if chain:
            end(chain[-1], held, Term.EndReason.TERM)
        chain.append(make_term(world, village, held, Term.ChosenBy.ELECTED))
    return chain


def make_term(world: World, village: Village, start: date, chosen_by: str) -> SecretaryTerm:
    rng = world.rng
    occupation = pick(rng, Term.Occupation.values, (38, 20, 12, 10, 8, 12))
    return SecretaryTerm(
        village=village,
        name=world.persons.next(),
        birth_year=start.year - rng.randrange(34, 60),
        education=pick(rng, Term.Education.values, (3, 34, 38, 18, 7)),
        occupation_before=occupation,
        lives_elsewhere=rng.randrange(100) < 9,
        holds_both_posts=rng.randrange(100) < (45 if start.year < 2018 else 85),
        chosen_by=chosen_by,
        started_on=start,
    )


def end(term: SecretaryTerm, day: date, reason: str) -> None:
    term.ended_on, term.end_reason = day, reason


def fit_2014(world: World, chain: list[SecretaryTerm], row: Listed) -> list[SecretaryTerm]:
    """Give the secretary of that day what the report counts; replace where it says so."""
    at = next(i for i, term in enumerate(chain) if runs_on(term, DESIGNATED_ON))
    then = chain[at]
    then.occupation_before = row.occupation
    then.lives_elsewhere = row.lives_elsewhere
    then.holds_both_posts = row.main != "C03"
    if not row.is_replaced:  # the next election was held in 2016
        return chain
    day = DESIGNATED_ON + timedelta(days=40 + 20 * (row.number % 8))
    chosen_by = WAYS[row.number % len(WAYS)]
    successor = make_term(world, row.village, day, chosen_by)
    successor.occupation_before = Term.Occupation.TOWN_CADRE
    successor.lives_elsewhere = chosen_by != Term.ChosenBy.OPEN
    successor.ended_on, successor.end_reason = then.ended_on, then.end_reason
    end(then, day, Term.EndReason.ADJUSTED if row.number % 7 else Term.EndReason.REMOVED)
    return [*chain[: at + 1], successor, *chain[at + 1 :]]


def runs_on(term: SecretaryTerm, day: date) -> bool:
    return term.started_on <= day and (term.ended_on is None or term.ended_on > day)


def mark_present(world: World, terms: list[SecretaryTerm]) -> None:
    """Two vacant posts, and three secretaries whom the year began with as to be replaced."""
    running = {term.village_id: term for term in terms if term.ended_on is None}
    for township, place in VACANT_PLACES:
        village = world.villages[world.townships[township].code][place]
        term = running[village.pk]
        end(term, max(term.started_on, world.ago(VACANT_DAYS)), Term.EndReason.RESIGNED)
    for township, place in TO_REPLACE_PLACES:
        village = world.villages[world.townships[township].code][place]
        new_year = date(world.today.year, 1, 1)
        if running[village.pk].started_on < new_year:
            running[village.pk].to_replace_since = new_year
