"""Reporting: one form, pictures that stay, one submission however often it is sent."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.plans.models import Obligation, State
from luoshi.web.forms.work import stage
from luoshi.work.activities import ActivityPlan, plan_activity
from luoshi.work.models import Activity, Revision
from luoshi.work.review import accept, send_back
from luoshi.work.submissions import Picture
from tests.cast import Cast, held_by, issued, signed
from tests.web.doors import as_, says, turned_away
from tests.work.pictures import jpeg, kept
from tests.work.test_submissions import REPORT, hand_in


@pytest.fixture
def held(cast: Cast) -> Obligation:
    """The school's, signed for."""
    return signed(issued(cast), "990101-S", cast.reporter)


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "reporter")


def door(held: Obligation) -> str:
    return f"/obligations/{held.pk}/report/"


def typed(**other: Any) -> dict[str, Any]:
    form = {
        "uuid": str(uuid.uuid4()),
        "after": "0",
        "title": "读书分享会",
        "held_on": str(timezone.localdate()),
        "place": "图书室",
        "sessions": "3",
        "attendance": "120",
        "words": "三个班一起读。",
    }
    return form | other


def test_a_report_with_pictures_arrives(cast: Cast, held: Obligation, client: Client) -> None:
    tokens = [stage(kept(n), "", cast.reporter).token for n in (1, 2)]
    answer = client.post(door(held), typed(picture=tokens, caption=["开场", ""]), follow=True)
    assert answer.redirect_chain == [(f"/obligations/{held.pk}/", 302)]
    assert "已送达 " in answer.content.decode()
    revision = Revision.objects.get()
    held.refresh_from_db()
    assert (revision.title, revision.held_on) == ("读书分享会", timezone.localdate())
    assert (revision.sessions, revision.attendance) == (3, 120)
    assert [(e.blob, e.caption) for e in revision.evidence.all()] == [(kept(1), "开场"), (kept(2), "")]
    assert held.state == State.SUBMITTED


def test_a_double_click_is_one_submission(held: Obligation, client: Client) -> None:
    form = typed()
    for _ in range(2):
        assert client.post(door(held), form)["Location"] == f"/obligations/{held.pk}/"
    assert Revision.objects.count() == 1


def test_the_same_attempt_with_other_words_is_a_conflict_and_a_new_attempt_is_offered(
    held: Obligation, client: Client
) -> None:
    form = typed()
    client.post(door(held), form)
    answer = client.post(door(held), form | {"words": "改了。"})
    assert answer.status_code == 409
    shown = answer.context["form"]
    assert "编号已经用过" in shown.non_field_errors()[0]
    assert (shown["words"].value(), shown["after"].value()) == ("改了。", "1")
    assert shown["uuid"].value() != form["uuid"]
    assert Revision.objects.get().words == "三个班一起读。"


def test_a_stale_form_is_a_conflict_that_keeps_everything(cast: Cast, held: Obligation, client: Client) -> None:
    first = hand_in(held, cast.co_ordinator)
    send_back(first.submission, "请补图片", revision=1, by=cast.prefect)
    token = stage(kept(), "", cast.reporter).token
    form = typed(picture=[token], caption=["开场"], words="写了很久。")
    answer = client.post(door(held), form)
    assert answer.status_code == 409
    assert "已有人报送了新的版本" in answer.context["form"].non_field_errors()[0]
    page = answer.content.decode()
    assert ("写了很久。" in page, token in page, 'value="开场"' in page) == (True, True, True)
    again = {name: answer.context["form"][name].value() for name in ("uuid", "after")}
    assert client.post(door(held), form | again).status_code == 302
    assert [r.number for r in first.submission.revisions.all()] == [1, 2]


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"title": ""}, "title", "必填"),
        ({"words": " "}, "words", "必填"),
        ({"attendance": "-1"}, "attendance", "0"),
        ({"held_on": "tomorrow"}, "__all__", "举办日期在今天以后"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_lost(
    cast: Cast, held: Obligation, client: Client, other: dict[str, str], field: str, sentence: str
) -> None:
    token = stage(kept(), "", cast.reporter).token
    tomorrow = str(timezone.localdate() + dt.timedelta(days=1))
    other = {name: value.replace("tomorrow", tomorrow) for name, value in other.items()}
    answer = client.post(door(held), typed(picture=[token], caption=["开场"]) | other)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    page = answer.content.decode()
    assert (token in page, 'value="图书室"' in page) == (True, True)
    assert Revision.objects.count() == 0


def test_an_activity_task_needs_its_day(cast: Cast, held: Obligation, client: Client) -> None:
    activity = held_by(held.plan, "990101-S", "在学校")
    assert list(client.post(door(activity), typed(held_on="")).context["form"].errors) == ["held_on"]
    assert client.post(door(held), typed(held_on="")).status_code == 302  # publicity may have none


def test_ten_pictures_are_refused_with_a_sentence(cast: Cast, held: Obligation, client: Client) -> None:
    tokens = [stage(kept(), "", cast.reporter).token] * 10
    answer = client.post(door(held), typed(picture=tokens, caption=[""] * 10))
    assert answer.context["form"].non_field_errors() == ["一次最多 9 张图片。请去掉几张。"]


def test_a_token_of_another_person_or_a_forged_one_brings_no_picture(
    cast: Cast, held: Obligation, client: Client
) -> None:
    tokens = [stage(kept(), "", cast.townsman).token, "forged", ""]
    answer = client.post(door(held), typed(picture=tokens))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["有图片已经失效。请看一下还缺哪几张，重新添加。"]
    assert answer.context["pictures"] == []


def test_without_script_files_come_with_the_form(held: Obligation, client: Client) -> None:
    files = [SimpleUploadedFile("1.jpg", jpeg(shade=1)), SimpleUploadedFile("2.jpg", jpeg(shade=2))]
    assert client.post(door(held), typed(files=files)).status_code == 302
    assert [e.blob for e in Revision.objects.get().evidence.all()] == [kept(1), kept(2)]


def test_without_script_a_bad_file_is_said_and_the_good_one_kept(held: Obligation, client: Client) -> None:
    files = [SimpleUploadedFile("1.jpg", jpeg()), SimpleUploadedFile("2.jpg", b"text")]
    answer = client.post(door(held), typed(files=files))
    assert answer.status_code == 422
    assert "“2.jpg”不是可用的图片" in answer.context["form"].non_field_errors()[0]
    assert [p.blob for p in answer.context["pictures"]] == [kept()]


def test_correcting_starts_from_the_newest_revision_with_its_pictures(
    cast: Cast, held: Obligation, client: Client
) -> None:
    report = type(REPORT)(REPORT.title, REPORT.words, pictures=[Picture(kept(), "开场")])
    first = hand_in(held, cast.reporter, report=report)
    send_back(first.submission, "请补人数。", revision=1, by=cast.co_ordinator)
    answer = client.get(door(held))
    form, (picture,) = answer.context["form"], answer.context["pictures"]
    assert (form["title"].value(), form["words"].value(), form["after"].value()) == (REPORT.title, REPORT.words, 1)
    assert (picture.blob, picture.caption) == (kept(), "开场")
    assert "请补人数。" in answer.content.decode()
    again = typed(after="1", picture=[picture.token], caption=[picture.caption])
    assert client.post(door(held), again).status_code == 302
    assert [e.caption for e in Revision.objects.get(number=2).evidence.all()] == ["开场"]


def test_a_planned_activity_is_filled_in_and_marked_as_reported(cast: Cast, held: Obligation, client: Client) -> None:
    today = timezone.localdate()
    planned = plan_activity(held, ActivityPlan("读书会", today, "操场"), uuid=uuid.uuid4(), by=cast.reporter)
    form = client.get(f"{door(held)}?activity={planned.pk}").context["form"]
    assert [form[n].value() for n in ("title", "held_on", "place", "activity")] == ["读书会", today, "操场", planned.pk]
    client.post(door(held), typed(activity=str(planned.pk)))
    planned.refresh_from_db()
    assert planned.state == Activity.State.REPORTED
    assert Revision.objects.get().submission.activity == planned


def test_an_activity_of_somebody_else_is_no_choice(cast: Cast, held: Obligation, client: Client) -> None:
    other = signed(held.plan, "990101001", cast.townsman)
    planned = plan_activity(other, ActivityPlan("赶集", timezone.localdate()), uuid=uuid.uuid4(), by=cast.townsman)
    assert client.get(f"{door(held)}?activity={planned.pk}").context["form"]["title"].value() is None
    assert list(client.post(door(held), typed(activity=str(planned.pk))).context["form"].errors) == ["activity"]


def test_where_nothing_is_to_be_reported_the_task_says_why(cast: Cast, held: Obligation, client: Client) -> None:
    waiting = hand_in(held, cast.reporter)
    assert client.get(door(held))["Location"] == f"/obligations/{held.pk}/"
    assert client.post(door(held), typed(after="1")).status_code == 409
    accept(waiting.submission, revision=1, by=cast.co_ordinator)
    assert client.get(door(held))["Location"] == f"/obligations/{held.pk}/"


def test_before_signing_the_sentence_stands_on_top(cast: Cast, client: Client) -> None:
    held = held_by(issued(cast), "990101-S")
    assert client.get(door(held))["Location"] == f"/obligations/{held.pk}/"
    answer = client.post(door(held), typed())
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["请先签收这个方案，再报送。"]


def test_who_may_report(cast: Cast, held: Obligation) -> None:
    says(as_(cast, "co_ordinator"), door(held))
    for name in ("observer", "reviewer"):
        says(as_(cast, name), door(held), status=403)
        assert as_(cast, name).post(door(held), typed()).status_code == 403
    for name in ("stranger", "townsman"):
        says(as_(cast, name), door(held), status=404)
        assert as_(cast, name).post(door(held), typed()).status_code == 404
    says(as_(cast, "reporter"), "/obligations/999999/report/", status=404)
    assert turned_away(door(held))
    assert Revision.objects.count() == 0


def test_odd_characters_and_numbers_harm_nothing(cast: Cast, held: Obligation, client: Client) -> None:
    token = stage(kept(), "", cast.reporter).token
    assert client.get(f"{door(held)}?activity={'9' * 30}").status_code == 200
    says(client, f"/obligations/{'9' * 30}/report/", status=404)
    assert client.post(door(held), typed(picture=[token], caption=["开\0场"])).status_code == 302
    assert Revision.objects.get().evidence.get().caption == "开场"
