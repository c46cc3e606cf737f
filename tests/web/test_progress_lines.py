"""The progress page by line."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from luoshi.orgs.models import Line
from luoshi.plans.models import Plan
from tests.cast import Cast
from tests.reports.test_along import bureau, line, plan
from tests.web.doors import as_

__all__ = ["line", "plan"]  # fixtures


@pytest.fixture
def county(cast: Cast, plan: Plan, client: Client) -> Client:
    client.force_login(bureau("990101-E"))
    return client


def test_the_filter_the_missing_and_the_files_follow_a_line(cast: Cast, plan: Plan, line: Line) -> None:
    client = as_(cast, "planner")
    page = client.get(f"/progress/{plan.pk}/99/?line=education")
    assert page.context["progress"].standing.expected == 10
    assert {held.organisation.code for held in page.context["missing"]} <= {
        "9901-E",
        "990101-E",
        "990101-S",
        "990101-S2",
    }
    assert page.context["missing_url"] == f"/progress/{plan.pk}/99/missing/?line=education"
    missing = client.get(page.context["missing_url"])
    assert (missing.context["page"].paginator.count, missing.context["part"]) == (9, ["教育"])
    assert "只看：教育" in missing.content.decode()
    answer = client.get(f"/progress/{plan.pk}/99/export/csv/?line=education")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[1][2] == "10"
    assert client.get(f"/progress/{plan.pk}/99/?line=nothing").context["progress"].standing.expected > 10
    yesterday = client.get(f"/progress/{plan.pk}/99/?line=education&on=2020-01-01")
    assert yesterday.status_code == 422


def test_a_bureau_sees_the_units_on_its_line_on_its_own_page(county: Client, plan: Plan) -> None:
    page = county.get(f"/progress/{plan.pk}/990101-E/")
    assert [place.line.code for place in page.context["along"]] == ["education"]
    door = f"/progress/{plan.pk}/990101-E/lines/education/"
    assert f'href="{door}"' in page.content.decode()
    page = county.get(door)
    assert page.context["progress"].standing.expected == 8
    assert [row.organisation.code for row in page.context["progress"].children] == ["990101-S2", "990101-S"]
    assert len(page.context["missing"]) == 6
    missing = county.get(f"/progress/{plan.pk}/990101-E/lines/education/missing/")
    assert missing.context["page"].paginator.count == 7
    answer = county.get(f"/progress/{plan.pk}/990101-E/lines/education/export/csv/")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [row[0] for row in rows[1:]] == ["河湾县教育局", "河湾二小", "河湾一小"]


def test_the_line_is_closed_to_those_who_hold_no_post_on_it(cast: Cast, county: Client, plan: Plan) -> None:
    for address in ("", "missing/", "export/csv/"):
        door = f"/progress/{plan.pk}/990101-E/lines/education/{address}"
        assert county.get(door).status_code == 200
        assert county.get(door.replace("education", "safety")).status_code == 404
        assert as_(cast, "planner").get(door).status_code == 404
        assert as_(cast, "stranger").get(door).status_code == 404
    assert county.get(f"/progress/{plan.pk}/990101-E/lines/education/export/exe/").status_code == 404
