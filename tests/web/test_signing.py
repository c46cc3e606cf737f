"""Who has signed: the page, its files, and urging from it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from luoshi.orgs.divisions import Row, load
from luoshi.orgs.lines import stand
from luoshi.orgs.models import Kind, Line, Organisation, Post, Role
from luoshi.orgs.shapes import Move
from luoshi.plans.issuing import close
from luoshi.plans.models import Plan, Receipt, Urge
from luoshi.plans.receipts import sign
from luoshi.plans.tree_changes import restructure
from luoshi.plans.urging import urge_to_sign
from luoshi.web.views import signing
from tests.cast import Cast, issued, reading_month
from tests.web.doors import as_, says, turned_away


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The school has signed."""
    plan = issued(cast)
    sign(Receipt.objects.get(plan=plan, organisation__code="990101-S"), by=cast.reporter)
    return plan


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "co_ordinator")


def page(plan: Plan, code: str = "990101") -> str:
    return f"/progress/{plan.pk}/{code}/receipts/"


def names(client: Client, address: str) -> list[str]:
    return [receipt.organisation.name for receipt, _above, _urge in client.get(address).context["rows"]]


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # files are streamed


# The page


def test_who_has_not_signed_is_the_question(client: Client, plan: Plan) -> None:
    assert names(client, page(plan)) == ["河湾县", "柳树镇", "柳树村", "河湾纺织厂", "河湾县融媒体中心"]
    assert names(client, page(plan) + "?show=signed") == ["河湾一小"]
    assert names(client, page(plan) + "?show=all")[0] == "河湾县"
    assert names(client, page(plan) + "?show=all")[-1] == "河湾一小"
    text = says(client, page(plan) + "?show=signed")
    assert ("苏文" in text, "谁还没签收？" in text) == (True, True)
    chips = client.get(page(plan)).context["shows"]
    assert [(chip.label, chip.count) for chip in chips] == [("未签收", 5), ("已签收", 1), ("全部", 6)]


def test_kinds_and_order_live_in_the_address(client: Client, plan: Plan) -> None:
    assert names(client, page(plan) + "?kind=village") == ["柳树村"]
    assert names(client, page(plan) + "?sort=-unit&kind=nonsense")[0] == "河湾县融媒体中心"
    assert names(client, page(plan) + "?show=all&sort=signed")[0] == "河湾一小"
    assert "没有符合筛选条件的单位" in says(client, page(plan) + "?show=signed&kind=village")


def test_only_ones_own_part(cast: Cast, plan: Plan, client: Client) -> None:
    says(client, page(plan, "9901"), status=404)
    says(as_(cast, "stranger"), page(plan), status=404)
    assert turned_away(page(plan))
    assert client.post(page(plan, "9901") + "urge/").status_code == 404
    assert client.get(page(plan) + "urge/").status_code == 405
    assert names(as_(cast, "reporter"), page(plan, "990101-S") + "?show=all") == ["河湾一小"]


def test_the_units_on_a_line_are_a_scope_of_their_own(cast: Cast) -> None:
    load([Row("990101-E", "河湾县教育局", Kind.OFFICE, "990101")])
    bureau, school = (Organisation.objects.get(code=code) for code in ("990101-E", "990101-S"))
    line = Line.objects.create(code="education", name="教育")
    stand(bureau, line, None, by=cast.planner)
    stand(school, line, bureau, by=cast.planner)
    plan = issued(cast)
    client = as_(cast, "co_ordinator")
    assert client.get(page(plan)).context["scopes"] == []
    assert [chip.label for chip in client.get(page(plan, "990101-E")).context["scopes"]] == ["属地下级", "条线下级"]
    assert names(client, page(plan, "990101-E")) == ["河湾县教育局"]
    assert names(client, page(plan, "990101-E") + "?scope=line") == ["河湾一小"]


@pytest.mark.parametrize("urged", [1, 3])
def test_the_page_costs_the_same_for_one_urge_and_for_three(
    cast: Cast, plan: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries, urged: int
) -> None:
    codes = ["990101001", "990101-C", "990101-M"][:urged]
    urge_to_sign(plan, Receipt.objects.filter(organisation__code__in=codes), by=cast.prefect)
    with django_assert_num_queries(12):
        client.get(page(plan))


# The files


def test_the_sheet_and_the_list_hold_what_the_page_shows(client: Client, plan: Plan) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(client, page(plan) + "xlsx/?show=all")))
    lines = book.get_sheet_by_index(0).to_python()
    assert lines[1] == ["单位", "上级单位", "类型", "签收人", "签收时间"]
    assert [line[0] for line in lines[2:]][-1] == "河湾一小"
    assert [line[3] for line in lines[2:]][-1] == "苏文"
    text = body(client, page(plan) + "csv/?kind=village").decode("utf-8-sig")
    assert text.splitlines() == ["单位,上级单位,类型,签收人,签收时间", "柳树村,柳树镇,嘎查村,,未签收"]


def test_a_moved_unit_is_listed_below_its_superior_of_then(cast: Cast, plan: Plan) -> None:
    restructure(
        Move(cast.organisations["990101001"], cast.organisations["990201"]), on=timezone.localdate(), by=cast.planner
    )
    client = as_(cast, "planner")
    text = body(client, page(plan, "99") + "csv/?show=all").decode("utf-8-sig").splitlines()
    assert [line for line in text if "柳树" in line] == [
        "柳树镇,河湾县,苏木乡镇（街道）,,未签收",
        "柳树村,柳树镇,嘎查村,,未签收",
    ]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body(client, page(plan, "99") + "xlsx/?show=all")))
    assert ["柳树镇", "河湾县"] in [line[:2] for line in sheet.get_sheet_by_index(0).to_python()]
    assert [above for receipt, above, _urge in client.get(page(plan, "99")).context["rows"]][1:4] == [
        "东川市",
        "河湾县",
        "柳树镇",
    ]


def test_a_sheet_says_what_it_leaves_out(client: Client, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luoshi.web.signing_files.MOST_ROWS", 2)
    monkeypatch.setattr("luoshi.web.signing_files.AT_A_TIME", 2)
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(client, page(plan) + "xlsx/?show=all")))
    lines = book.get_sheet_by_index(0).to_python()
    assert (len(lines), lines[-1][0]) == (
        5,
        "共 6 行，这里只有前 2 行。请按类型或下级单位分开导出，或用 CSV。",
    )
    assert len(body(client, page(plan) + "csv/?show=all").splitlines()) == 7


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_receipts_as_official_documents_in_parts(
    client: Client, plan: Plan, kind: str, begins: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert body(client, page(plan) + f"{kind}/?show=all").startswith(begins)
    monkeypatch.setattr(signing, "ON_ONE_DOCUMENT", 2)
    assert body(client, page(plan) + f"{kind}/?show=all&part=3").startswith(begins)
    assert "第 3 份" in says(client, page(plan) + "?show=all")
    assert body(client, page(plan) + f"{kind}/?show=all&part=0").startswith(begins)  # the first
    says(client, page(plan) + f"{kind}/?show=all&part=4", status=404)
    says(client, page(plan) + "exe/", status=404)


def test_what_is_ticked_alone(client: Client, plan: Plan) -> None:
    one = Receipt.objects.get(plan=plan, organisation__code="990101-C")
    answer = client.post(page(plan) + "csv/", {"receipt": [str(one.pk)]})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [line.split(",")[0] for line in text.splitlines()] == ["单位", "河湾纺织厂"]
    answer = client.post(page(plan) + "csv/?kind=village", {"only": "ticked"}, follow=True)
    assert answer.redirect_chain == [(page(plan) + "?kind=village", 302)]
    assert "还没有勾选单位" in answer.content.decode()


# Urging


def test_all_of_the_filter_in_one_click(cast: Cast, client: Client, plan: Plan) -> None:
    assert "催办未签收的 5 个单位" in says(client, page(plan))
    answer = client.post(page(plan) + "urge/?kind=village", {"note": "今天下班前"}, follow=True)
    assert answer.redirect_chain == [(page(plan) + "?kind=village", 302)]
    assert "已催办 1 个单位。" in answer.content.decode()
    again = client.post(page(plan) + "urge/", follow=True).content.decode()
    assert ("已催办 3 个单位。" in again, "柳树村今天已由田禾催办过" in again) == (True, True)  # not the county itself
    assert Urge.objects.count() == 4
    assert "田禾" in says(client, page(plan))


def test_ticked_ones_and_one_unit(cast: Cast, client: Client, plan: Plan) -> None:
    one, two = (Receipt.objects.get(plan=plan, organisation__code=code) for code in ("990101-C", "990101-M"))
    client.post(page(plan) + "urge/", {"receipt": [str(one.pk), "x"]})
    assert [urge.organisation_id for urge in Urge.objects.all()] == [one.organisation_id]
    assert "催办签收" in says(client, f"/receipts/{two.pk}/")
    answer = client.post(f"/receipts/{two.pk}/urge/", follow=True)
    assert ("已催办 1 个单位。" in answer.content.decode(), Urge.objects.count()) == (True, 2)


def test_who_may_not_urge(cast: Cast, plan: Plan) -> None:
    for who, code in (("observer", "990101"), ("reviewer", "990101"), ("reporter", "990101-S")):
        client = as_(cast, who)
        assert "催办未签收的" not in says(client, page(plan, code) + "?show=all")
        assert client.post(page(plan, code) + "urge/").status_code == 403
    own = Receipt.objects.get(plan=plan, organisation__code="990101")
    assert "/urge/" not in says(as_(cast, "co_ordinator"), f"/receipts/{own.pk}/")
    answer = as_(cast, "co_ordinator").post(f"/receipts/{own.pk}/urge/", follow=True)
    assert "不能催办自己" in answer.content.decode()
    assert as_(cast, "stranger").post(f"/receipts/{own.pk}/urge/").status_code == 404
    assert Urge.objects.count() == 0


def test_a_plan_that_ended_meanwhile(cast: Cast, client: Client, plan: Plan) -> None:
    close(plan, by=cast.planner)
    assert "催办未签收的" not in says(client, page(plan))
    answer = client.post(page(plan) + "urge/", follow=True)
    assert ("已结束" in answer.content.decode(), Urge.objects.count()) == (True, 0)


def test_the_unit_sees_it_on_top_of_today_until_it_signs(cast: Cast, plan: Plan) -> None:
    town = Receipt.objects.get(plan=plan, organisation__code="990101001")
    urge_to_sign(plan, Receipt.objects.filter(pk=town.pk), "明天要汇总", by=cast.co_ordinator)
    client = as_(cast, "townsman")
    (item,) = client.get("/").context["urged"]
    assert (item.title, item.note, item.url) == (
        "催办签收：第三届读书月工作方案",
        "明天要汇总",
        f"/receipts/{town.pk}/",
    )
    assert item.waiting.startswith("田禾 ")
    assert client.get("/").context["items"] == []  # not twice
    assert "明天要汇总" in says(client, f"/receipts/{town.pk}/")
    client.post(f"/receipts/{town.pk}/sign/")
    assert client.get("/").context["urged"] == []
    assert "明天要汇总" not in says(client, f"/receipts/{town.pk}/")


def test_whoever_plans_for_a_unit_sees_it_above_the_pulse(cast: Cast, plan: Plan) -> None:
    Post.objects.create(organisation=cast.organisations["9902"], role=Role.PLANNER, holder=cast.people["observer"])
    urge_to_sign(plan, Receipt.objects.filter(organisation__code="9902"), by=cast.planner)
    client = as_(cast, "observer")
    (post,) = Post.objects.filter(holder=cast.people["observer"], role=Role.PLANNER)
    client.post("/act-for/", {"post": post.pk})
    assert [item.title for item in client.get("/").context["urged"]] == ["催办签收：第三届读书月工作方案"]


def test_overdue_work_is_urged_from_the_page_of_the_missing(cast: Cast) -> None:
    plan = issued(cast, reading_month(cast, due=timezone.localdate() - dt.timedelta(days=1)))
    client, missing = as_(cast, "co_ordinator"), f"/progress/{plan.pk}/990101/missing/"
    assert "催办有逾期的单位" in says(client, missing)
    answer = client.post(missing + "urge/?light=overdue", follow=True)
    assert answer.redirect_chain == [(missing + "?light=overdue", 302)]
    assert "已催办 5 个单位。" in answer.content.decode()
    (item,) = as_(cast, "townsman").get("/").context["urged"]
    assert (item.title, item.url) == ("催办逾期事项：第三届读书月工作方案", "/ours/?show=overdue")
    assert as_(cast, "observer").post(f"/progress/{plan.pk}/99/missing/urge/").status_code == 403
    assert as_(cast, "stranger").post(missing + "urge/").status_code == 404
    fresh = issued(cast)
    assert "催办有逾期的单位" not in says(client, f"/progress/{fresh.pk}/990101/missing/")
