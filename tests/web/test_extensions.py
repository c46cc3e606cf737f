"""Asking for more time or to be let off on an obligation's page; deciding on it in the review area."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from luoshi.orgs.models import Person
from luoshi.plans.extensions import ask, grant, refuse, withdraw
from luoshi.plans.models import Extension, Obligation, Plan, State
from luoshi.work.review import send_back
from tests.cast import Cast, held_by, issued, signed
from tests.web.doors import as_, says, turned_away
from tests.work.test_submissions import hand_in

EXTENSION, EXEMPTION = Extension.Kind.EXTENSION, Extension.Kind.EXEMPTION
LIST = "/review/extensions/"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return issued(cast)


@pytest.fixture
def held(cast: Cast, plan: Plan) -> Obligation:
    """The school's, signed for."""
    return signed(plan, "990101-S", cast.reporter)


@pytest.fixture
def client(cast: Cast) -> Client:
    return as_(cast, "co_ordinator")


def later(held: Obligation, days: int = 7) -> dt.date:
    return held.deadline + dt.timedelta(days=days)


def asked(held: Obligation, by: Person) -> Extension:
    return ask(held, EXTENSION, "操场在修", until=later(held), by=by)


def page(held: Obligation) -> str:
    return f"/obligations/{held.pk}/"


def waiting(client: Client, query: str = "") -> list[Extension]:
    return [row.extension for row in client.get(LIST + query).context["rows"]]


def state(extension: Extension) -> str:
    return Extension.objects.get(pk=extension.pk).state()


# Asking


def test_the_unit_asks_for_more_time_sees_that_it_waits_and_takes_it_back(cast: Cast, held: Obligation) -> None:
    client, until = as_(cast, "reporter"), later(held)
    assert "办不了，或来不及？" in says(client, page(held))
    answer = client.post(f"{page(held)}extension/", {"until": str(until), "reason": "操场在修"}, follow=True)
    assert answer.redirect_chain == [(page(held), 302)]
    extension, text = Extension.objects.get(), answer.content.decode()
    assert (extension.until, extension.reason, extension.by) == (until, "操场在修", cast.reporter)
    assert ("等待上级决定" in text, f"/extensions/{extension.pk}/withdraw/" in text) == (True, True)
    assert f'action="{page(held)}extension/"' not in text  # one at a time
    answer = client.post(f"/extensions/{extension.pk}/withdraw/", follow=True)
    text = answer.content.decode()
    assert (state(extension), "撤回了延期申请" in text) == (Extension.State.WITHDRAWN, True)
    assert f'action="{page(held)}extension/"' in text


def test_the_unit_asks_to_be_let_off(cast: Cast, held: Obligation) -> None:
    answer = as_(cast, "reporter").post(f"{page(held)}exemption/", {"reason": "学校已经并入二小"}, follow=True)
    assert "申请免报，等待上级决定" in answer.content.decode()
    assert (Extension.objects.get().kind, Extension.objects.get().until) == (EXEMPTION, None)


@pytest.mark.parametrize(
    ("days", "reason", "field", "sentence"),
    [
        (7, " ", "reason", "请写明申请的理由，让上级知道为什么。"),
        (None, "操场在修", "until", "请写明要延到哪一天。"),
        (0, "操场在修", "__all__", "新的日期要在现在的最后期限"),
        (-30, "操场在修", "__all__", "新的日期要在现在的最后期限"),
        (61, "操场在修", "__all__", "最晚可以延到"),
    ],
)
def test_what_is_refused_stays_typed(
    cast: Cast, held: Obligation, days: int | None, reason: str, field: str, sentence: str
) -> None:
    typed = {"until": "" if days is None else str(later(held, days)), "reason": reason}
    answer = as_(cast, "reporter").post(f"{page(held)}extension/", typed)
    form = answer.context["typed"]
    assert answer.status_code == 422
    assert form.errors[field][0].startswith(sentence)
    assert (form["until"].value(), form["reason"].value()) == (typed["until"], reason)
    assert ("data-errors" in answer.content.decode(), Extension.objects.count()) == (True, 0)


def test_what_was_typed_stays_though_somebody_of_the_unit_was_faster(cast: Cast, held: Obligation) -> None:
    asked(held, cast.co_ordinator)
    answer = as_(cast, "reporter").post(f"{page(held)}exemption/", {"reason": "学校已经并入二小"})
    assert answer.status_code == 409
    assert "田禾已经为这件应办事项提出延期申请" in answer.context["typed"].non_field_errors()[0]
    assert "学校已经并入二小" in answer.content.decode()


def test_the_form_knows_the_bounds_of_the_day(cast: Cast, held: Obligation) -> None:
    text = says(as_(cast, "reporter"), page(held))
    assert f'min="{later(held, 1)}"' in text
    assert f'max="{later(held, 60)}"' in text


def test_what_is_over_cannot_be_asked_for(cast: Cast, held: Obligation) -> None:
    Obligation.objects.filter(pk=held.pk).update(deadline=held.due - dt.timedelta(days=11))
    text = says(as_(cast, "reporter"), page(held))
    assert ("不能再申请延期或免报" in text, "exemption/" in text) == (True, False)


def test_what_is_handed_in_offers_nothing(cast: Cast, held: Obligation) -> None:
    hand_in(held, cast.reporter)
    assert "办不了，或来不及？" not in says(as_(cast, "reporter"), page(held))


def test_who_may_ask_and_withdraw(cast: Cast, held: Obligation) -> None:
    typed = {"until": str(later(held)), "reason": "操场在修"}
    for door in ("extension/", "exemption/"):
        assert as_(cast, "observer").post(page(held) + door, typed).status_code == 403
        assert as_(cast, "reviewer").post(page(held) + door, typed).status_code == 403
        assert as_(cast, "stranger").post(page(held) + door, typed).status_code == 404
        assert as_(cast, "townsman").post(page(held) + door, typed).status_code == 404
        assert as_(cast, "reporter").get(page(held) + door).status_code == 405
    assert Extension.objects.count() == 0
    door = f"/extensions/{asked(held, cast.reporter).pk}/withdraw/"
    assert as_(cast, "observer").post(door).status_code == 403
    assert as_(cast, "stranger").post(door).status_code == 404
    assert as_(cast, "reporter").post("/extensions/999999/withdraw/").status_code == 404
    assert as_(cast, "reporter").get(door).status_code == 405
    assert state(Extension.objects.get()) == Extension.State.WAITING
    assert "办不了，或来不及？" in says(as_(cast, "observer"), page(held))  # there is something to read
    assert "withdraw" not in says(as_(cast, "observer"), page(held))


def test_withdrawing_too_late_says_why(cast: Cast, held: Obligation) -> None:
    extension = refuse(asked(held, cast.reporter), "体育馆可以用", by=cast.co_ordinator)
    answer = as_(cast, "reporter").post(f"/extensions/{extension.pk}/withdraw/", follow=True)
    assert "田禾已经作出决定：未同意" in answer.content.decode()


# The answer


def test_the_unit_reads_what_became_of_it(cast: Cast, held: Obligation) -> None:
    client = as_(cast, "reporter")
    refuse(asked(held, cast.reporter), "体育馆可以用", by=cast.co_ordinator)
    text = says(client, page(held))
    assert ("没有同意延到" in text, "体育馆可以用" in text, "extension/" in text) == (True, True, True)
    grant(asked(held, cast.reporter), "抓紧修好", by=cast.co_ordinator)
    text = says(client, page(held))
    assert ("同意延到" in text, "抓紧修好" in text, "经同意已经延期" in text) == (True, True, True)
    extension = ask(Obligation.objects.get(pk=held.pk), EXEMPTION, "学校已经并入二小", by=cast.reporter)
    hand_in(held, cast.reporter)
    assert "在报送以后自动失效" in says(client, page(held))
    send_back(held.submission, "请补人数。", revision=1, by=cast.co_ordinator)
    assert ("在报送以后自动失效" in says(client, page(held)), state(extension)) == (True, "lapsed")
    again = ask(Obligation.objects.get(pk=held.pk), EXEMPTION, "学校已经并入二小", by=cast.reporter)
    grant(again, by=cast.prefect)
    text = says(client, page(held))
    assert ("同意免报" in text, "这一项不用报送：学校已经并入二小" in text) == (True, True)


def test_the_history_tells_what_was_asked_and_what_moved(cast: Cast, held: Obligation) -> None:
    withdraw(ask(held, EXEMPTION, "并校", by=cast.reporter), by=cast.reporter)
    refuse(ask(held, EXEMPTION, "并校", by=cast.reporter), "还没有并", by=cast.co_ordinator)
    grant(asked(held, cast.reporter), "抓紧修好", by=cast.prefect)
    changes: list[Any] = as_(cast, "reporter").get(page(held)).context["history"]
    assert [(c.what, str(c.by), c.why) for c in changes[:7]] == [
        ("同意延期申请", "何川", "抓紧修好"),
        ("最后期限改动", "何川", "操场在修"),
        ("提出延期申请", "苏文", "操场在修"),
        ("不同意免报申请", "田禾", "还没有并"),
        ("提出免报申请", "苏文", "并校"),
        ("撤回免报申请", "苏文", ""),
        ("提出免报申请", "苏文", "并校"),
    ]
    assert all(day in changes[1].before + changes[1].after for day in (f"{held.due.day}日", f"{later(held).day}日"))
    assert f"{later(held).day}日" in changes[2].after


@pytest.mark.parametrize("requests", [1, 3])
def test_the_task_costs_the_same_after_one_request_and_after_three(
    cast: Cast, held: Obligation, django_assert_num_queries: DjangoAssertNumQueries, requests: int
) -> None:
    for _ in range(requests - 1):
        refuse(asked(held, cast.reporter), "体育馆可以用", by=cast.co_ordinator)
    asked(held, cast.reporter)
    client = as_(cast, "reporter")
    with django_assert_num_queries(16):
        client.get(page(held))


# The list


def test_the_oldest_first_and_directly_below_by_default(
    cast: Cast, plan: Plan, client: Client, held: Obligation
) -> None:
    first = asked(held, cast.reporter)
    town, village = (
        ask(held_by(plan, code), EXEMPTION, "全镇停电", by=cast.townsman) for code in ("990101001", "990101001001")
    )
    county = ask(held_by(plan, "990101"), EXEMPTION, "机构改革", by=cast.co_ordinator)
    assert (waiting(client), waiting(client, "?scope=all")) == ([first, town], [first, town, village])
    assert (waiting(as_(cast, "reviewer")), waiting(as_(cast, "stranger"))) == ([county], [])
    text = says(client, LIST)
    for word in ("河湾一小 · 延期申请", "柳树镇 · 免报申请", "操场在修", "全镇停电", "做好宣传"):
        assert word in text
    assert [(chip.label, chip.count, chip.active) for chip in client.get(LIST).context["areas"]] == [
        ("报送材料", 0, False),
        ("延期与免报申请", 2, True),
    ]
    assert [(chip.url, chip.count) for chip in client.get("/review/?scope=all").context["areas"]] == [
        ("/review/?scope=all", 0),
        ("/review/extensions/?scope=all", 3),
    ]
    assert turned_away(LIST)


def test_what_is_ended_or_has_lapsed_leaves_the_list(cast: Cast, plan: Plan, client: Client, held: Obligation) -> None:
    others = [held_by(plan, "990101-S", title) for title in ("在学校", "报送总结")]
    grant(asked(held, cast.reporter), by=cast.co_ordinator)
    asked(others[0], cast.reporter)
    hand_in(others[0], cast.reporter)
    withdraw(asked(others[1], cast.reporter), by=cast.reporter)
    assert waiting(client) == []
    text = says(client, LIST)
    assert ("没有等待决定的申请。" in text, 'href="?scope=all"' in text) == (True, True)


@pytest.mark.parametrize("requests", [1, 3])
def test_the_list_costs_the_same_for_one_request_and_for_three(
    cast: Cast, plan: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries, requests: int
) -> None:
    for code in ("990101-S", "990101001", "990101-C")[:requests]:
        asked(held_by(plan, code), cast.prefect)
    with django_assert_num_queries(6):  # session, person, posts, requests, how many, and how many reports wait
        client.get(LIST)


# The decision


def test_granting_moves_the_day_and_goes_back_to_the_list(cast: Cast, client: Client, held: Obligation) -> None:
    extension = asked(held, cast.reporter)
    answer = client.post(f"/extensions/{extension.pk}/grant/?scope=all", {"note": ""}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?scope=all", 302)]
    assert "已同意：河湾一小延到" in answer.content.decode()
    assert (state(extension), Obligation.objects.get(pk=held.pk).due) == (Extension.State.GRANTED, later(held))


def test_granting_an_exemption(cast: Cast, client: Client, held: Obligation) -> None:
    extension = ask(held, EXEMPTION, "学校已经并入二小", by=cast.reporter)
    answer = client.post(f"/extensions/{extension.pk}/grant/", {"note": "同意"}, follow=True)
    assert "已同意：河湾一小免报。" in answer.content.decode()
    assert Obligation.objects.get(pk=held.pk).state == State.EXEMPT


def test_refusing_needs_a_note(cast: Cast, client: Client, held: Obligation) -> None:
    extension = asked(held, cast.reporter)
    door = f"/extensions/{extension.pk}/refuse/"
    answer = client.post(door, {"note": " "})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["请写明不同意的原因，让对方知道为什么。"]
    card = answer.content.decode().split("意见（不同意时必填）")[1]
    assert "ls-field__error" in card.split("</form>")[0]
    assert "（选填）" not in answer.content.decode()
    assert client.post(door, {"note": "不" * 501}).context["form"].errors["note"]
    assert state(extension) == Extension.State.WAITING
    answer = client.post(door, {"note": "体育馆可以用"}, follow=True)
    assert "已答复不同意：河湾一小。" in answer.content.decode()
    assert Extension.objects.get().note == "体育馆可以用"


def test_the_second_is_told_who_was_first_and_keeps_the_note(cast: Cast, client: Client, held: Obligation) -> None:
    extension = asked(held, cast.reporter)
    grant(extension, by=cast.reviewer)
    answer = client.post(f"/extensions/{extension.pk}/refuse/", {"note": "体育馆可以用"})
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == ["申正已经作出决定：已同意。您的决定没有生效。"]
    text = answer.content.decode()
    assert ("体育馆可以用" in text, f'"/extensions/{extension.pk}/grant/"' in text.split("data-walk")[1]) == (
        True,
        True,
    )
    assert "formaction" not in text  # there is nothing left to press


def test_a_decision_on_what_was_handed_in_meanwhile(cast: Cast, client: Client, held: Obligation) -> None:
    extension = asked(held, cast.reporter)
    hand_in(held, cast.reporter)
    answer = client.post(f"/extensions/{extension.pk}/grant/", {"note": "可以"})
    assert (answer.status_code, Obligation.objects.get(pk=held.pk).due) == (409, held.due)
    assert "申请自动失效" in answer.context["form"].non_field_errors()[0]


def test_who_may_decide(cast: Cast, held: Obligation) -> None:
    extension = asked(held, cast.reporter)
    for door in ("grant", "refuse"):
        address = f"/extensions/{extension.pk}/{door}/"
        for name in ("reporter", "observer"):
            assert as_(cast, name).post(address, {"note": "不行"}).status_code == 403
        for name in ("stranger", "townsman"):
            assert as_(cast, name).post(address, {"note": "不行"}).status_code == 404
        assert as_(cast, "co_ordinator").get(address).status_code == 405
        assert as_(cast, "co_ordinator").post(f"/extensions/999999/{door}/").status_code == 404
    assert state(extension) == Extension.State.WAITING
    assert "formaction" not in says(as_(cast, "observer"), f"{LIST}?scope=all")
    assert f"{LIST}?scope=all#extension-{extension.pk}" in says(as_(cast, "co_ordinator"), page(held))
    assert f"#extension-{extension.pk}" not in says(as_(cast, "observer"), page(held))


def test_nobody_decides_on_what_they_asked(cast: Cast, client: Client, held: Obligation) -> None:
    extension = asked(held, cast.co_ordinator)
    assert "formaction" not in says(client, LIST)
    answer = client.post(f"/extensions/{extension.pk}/grant/", {"note": ""})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["自己提出的申请，请由别人决定。"]


# Today


def test_today_counts_and_lists_what_is_to_decide(cast: Cast, plan: Plan, client: Client, held: Obligation) -> None:
    extension = asked(held, cast.reporter)
    asked(held_by(plan, "990101-S", "报送总结"), cast.co_ordinator)  # not the co-ordinator's own to decide
    context = client.get("/").context
    (card,) = (card for card in context["counts"] if card.label == "待我审核")
    assert (card.count, card.url, card.hint) == (1, LIST, "其中 1 件申请")
    (item,) = (item for item in context["items"] if "申请" in item.title)
    assert (item.title, item.note, item.url) == ("延期申请：做好宣传", "河湾一小", f"{LIST}#extension-{extension.pk}")
    hand_in(signed(plan, "990101001", cast.townsman), cast.townsman)
    (card,) = (card for card in client.get("/").context["counts"] if card.label == "待我审核")
    assert (card.count, card.url) == (2, "/review/")
    assert "待我审核" not in {card.label for card in as_(cast, "reporter").get("/").context["counts"]}


@pytest.mark.parametrize("requests", [1, 3])
def test_today_costs_the_same_for_one_request_and_for_three(
    cast: Cast, plan: Plan, client: Client, django_assert_num_queries: DjangoAssertNumQueries, requests: int
) -> None:
    for code in ("990101-S", "990101001", "990101-C")[:requests]:
        asked(held_by(plan, code), cast.prefect)
    with django_assert_num_queries(14):
        client.get("/")
