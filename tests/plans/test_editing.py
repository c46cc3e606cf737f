"""Who has a draft open."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.orgs.models import JournalEntry, Person, Post, Role
from luoshi.plans import drafting, editing
from luoshi.plans.models import Editing
from tests.cast import Cast, reading_month


def planners(cast: Cast, count: int) -> list[Person]:
    people = [Person.objects.create_user(f"p{n}", last_name="云", first_name=str(n)) for n in range(count)]
    for person in people:
        Post.objects.create(organisation=cast.organisations["99"], role=Role.PLANNER, holder=person)
    return people


def test_others_are_seen_at_their_task_for_half_a_minute(cast: Cast) -> None:
    plan, (other,) = reading_month(cast), planners(cast, 1)
    task = plan.tasks.all()[1]
    editing.here(plan, None, by=cast.planner)
    editing.here(plan, None, by=other)
    editing.here(plan, task, by=other)
    (seen,) = editing.others(plan, by=cast.planner)
    assert (seen.person, seen.task_id) == (other, task.pk)
    assert [seen.person for seen in editing.others(plan, by=other)] == [cast.planner]
    assert not JournalEntry.objects.exists()
    Editing.objects.filter(person=other).update(seen_at=timezone.now() - dt.timedelta(seconds=31))
    assert not editing.others(plan, by=cast.planner).exists()


def test_saying_and_asking_it_costs_one_query_each(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan, planner = reading_month(cast), cast.planner
    assert planner.held_posts  # read once per request
    for people in planners(cast, 1), planners_more(cast):
        for person in people:
            editing.here(plan, plan.tasks.all()[0], by=person)
        with django_assert_num_queries(1):
            editing.here(plan, None, by=planner)
        with django_assert_num_queries(1):
            assert all(str(seen.person) for seen in editing.others(plan, by=planner))


def planners_more(cast: Cast) -> list[Person]:
    people = [Person.objects.create_user(f"q{n}") for n in range(3)]
    for person in people:
        Post.objects.create(organisation=cast.organisations["99"], role=Role.PLANNER, holder=person)
    return people


def test_a_task_that_is_dropped_or_a_draft_that_is_discarded_takes_it_along(cast: Cast) -> None:
    plan, (other,) = reading_month(cast), planners(cast, 1)
    task = plan.tasks.all()[0]
    editing.here(plan, task, by=other)
    drafting.drop_task(task, version=1, by=cast.planner)
    assert not editing.others(plan, by=cast.planner).exists()
    editing.here(plan, task, by=other)  # it is gone, but that person does not know yet
    plan.refresh_from_db()
    drafting.discard(plan, version=plan.version, by=cast.planner)
    assert not Editing.objects.exists()


def test_only_who_may_plan(cast: Cast) -> None:
    plan = reading_month(cast)
    with pytest.raises(PermissionDenied):
        editing.here(plan, None, by=cast.prefect)
    with pytest.raises(PermissionDenied):
        editing.others(plan, by=cast.prefect)
