"""Checking a notice in a real browser, two planners at once: what is typed is saved, and nobody writes over anybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, Enter
from tests.web.notices import TEXT, notice_file

pytestmark = [pytest.mark.browser, pytest.mark.anywhere]
DOUBTED = TEXT.replace("举办一场讲座。", "举办一场讲座，并于1月20日前报名。")


def test_two_planners_check_one_notice(enter: Enter, tmp_path: Path) -> None:
    planner, colleague = enter("planner", DESK), enter("colleague", DESK)
    load(planner, notice_file(tmp_path, DOUBTED))
    walk_through_doubts(planner)
    colleague.goto(planner.url)
    type_without_the_button(planner)
    somebody_is_seen(planner, colleague)
    a_conflict_shows_both(planner, colleague)
    nothing_unseen_is_written_over(planner, colleague)
    what_is_added_does_not_stand_in_the_way(planner)
    undo_by_key(planner)
    split(planner)
    move(planner)
    merge(planner)


def load(page: Page, notice: Path) -> None:
    page.goto("/plans/new/")
    page.set_input_files("#id_notice", notice)
    page.get_by_role("button", name="载入并读取").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("读得对吗？")


def row(page: Page, title: str) -> Locator:
    return page.locator("[data-row]").filter(has=page.locator(".plan-task__title", has_text=title))


def titles(page: Page, *expected: str) -> None:
    expect(page.locator(".plan-task__title")).to_have_text(list(expected))


def open_task(page: Page, title: str) -> None:
    row(page, title).get_by_role("link", name="改").first.click()
    expect(page.get_by_role("heading", name="改正任务")).to_be_visible()


def back(page: Page) -> None:
    page.keyboard.press("Escape")  # a first one may only leave the field
    page.locator("[data-back]").click()
    expect(page.locator("[data-tasks]")).to_be_visible()


def saved(page: Page) -> None:
    expect(page.locator("[data-save-line]")).to_have_attribute("data-state", "saved")


def walk_through_doubts(page: Page) -> None:
    doubts = page.locator("[data-doubt]")
    expect(doubts).to_have_count(2)
    page.keyboard.press("j")
    expect(doubts.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(doubts.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(doubts.nth(0)).to_be_focused()
    page.keyboard.press("a")  # it is right
    expect(doubts).to_have_count(1)
    expect(doubts.nth(0)).to_be_focused()  # the next one
    page.keyboard.press("Enter")
    expect(doubts).to_have_count(0)


def type_without_the_button(page: Page) -> None:
    open_task(page, "在学校")
    page.locator("#id_title").press("End")
    page.keyboard.type("里")
    saved(page)
    back(page)
    titles(page, "在学校里", "在企业", "统筹推进", "报送总结")


def somebody_is_seen(planner: Page, colleague: Page) -> None:
    open_task(planner, "在学校里")
    colleague.reload()
    expect(row(colleague, "在学校里").locator("[data-presence]")).to_contain_text("方敏 正在修改")


def a_conflict_shows_both(planner: Page, colleague: Page) -> None:
    """The planner's form is open; the colleague changes the title and an ask."""
    open_task(colleague, "在学校里")
    colleague.locator("#id_title").fill("在各中小学")
    saved(colleague)
    colleague.locator("#asks textarea").first.fill("开展两次朗读会")
    expect(colleague.locator("[data-undo] button")).to_contain_text("改正事项")
    planner.locator("#id_title").fill("在校园")
    newest = planner.locator(".plan-task-form [data-newest]")
    expect(newest).to_contain_text("在各中小学")
    expect(planner.locator("#id_title")).to_have_value("在校园")
    expect(planner.locator("[data-save-line]")).to_have_attribute("data-state", "conflict")


def nothing_unseen_is_written_over(planner: Page, colleague: Page) -> None:
    """What the colleague did to an ask is there before the planner's own title is saved over the other."""
    ask = planner.locator("#asks textarea").first
    expect(ask).to_have_value("开展两次朗读会")
    planner.get_by_role("button", name="完成").click()
    titles(planner, "在校园", "在企业", "统筹推进", "报送总结")
    open_task(planner, "在校园")
    colleague.locator("#asks textarea").first.fill("开展三次朗读会")  # the colleague has not seen the new title
    small = colleague.locator("#asks form").first
    expect(small.locator("[data-newest]")).to_contain_text("开展两次朗读会")
    small.get_by_role("button", name="保存").click()
    saved(colleague)
    planner.locator("#asks textarea").first.fill("开展一场朗读会")  # and the planner not the third
    expect(planner.locator("#asks [data-newest]").first).to_contain_text("开展三次朗读会")
    planner.locator("#asks form").first.get_by_role("button", name="保存").click()
    saved(planner)
    colleague.goto("/")


def what_is_added_does_not_stand_in_the_way(page: Page) -> None:
    page.locator("#asks .plan-row--new textarea").fill("出一期板报")
    page.locator("#asks").get_by_role("button", name="添加").click()
    expect(page.locator("#asks .plan-row")).to_have_count(3)
    page.locator("#id_title").fill("在各校园")
    saved(page)
    back(page)
    titles(page, "在各校园", "在企业", "统筹推进", "报送总结")


def undo_by_key(page: Page) -> None:
    page.keyboard.press("Control+z")
    titles(page, "在校园", "在企业", "统筹推进", "报送总结")
    page.keyboard.press("Control+Shift+z")
    titles(page, "在各校园", "在企业", "统筹推进", "报送总结")


def split(page: Page) -> None:
    row(page, "在各校园").focus()
    page.keyboard.press("s")
    page.get_by_label("举办一场讲座").check()
    page.get_by_label("新任务的标题").fill("办讲座")
    expect(page.locator("#split-preview")).to_contain_text("办讲座")
    page.get_by_role("button", name="拆分", exact=True).click()
    titles(page, "在各校园", "办讲座", "在企业", "统筹推进", "报送总结")


def move(page: Page) -> None:
    row(page, "办讲座").focus()
    page.keyboard.press("Alt+ArrowDown")
    titles(page, "在各校园", "在企业", "办讲座", "统筹推进", "报送总结")
    expect(row(page, "办讲座")).to_be_focused()
    page.keyboard.press("v")
    page.get_by_label("放在哪里").select_option(label="\u3000排在“报送总结”后面")
    page.get_by_role("button", name="移动", exact=True).click()
    titles(page, "在各校园", "在企业", "统筹推进", "报送总结", "办讲座")


def merge(page: Page) -> None:
    for title in ("报送总结", "办讲座"):
        row(page, title).focus()
        page.keyboard.press("x")
    expect(page.locator(".plan-bulk__count")).to_have_text("已勾选 2 项")
    page.keyboard.press("m")
    page.get_by_label("所有单位").check()
    page.get_by_role("button", name="合并", exact=True).click()
    titles(page, "在各校园", "在企业", "统筹推进", "报送总结")
