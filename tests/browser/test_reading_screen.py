"""Checking a notice in a real browser: what a click lights, where the focus stays, and what a button promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from luoshi.documents.writing import from_markdown, write_pdf
from tests.browser.conftest import DESK, Enter
from tests.web.notices import TEXT, notice_file

pytestmark = [pytest.mark.browser, pytest.mark.anywhere]

MORE = "".join(f"（{n}）在第{n}社区。举办第{n}次换书集市。\n" for n in "四五六七八九十")
LONG = TEXT.replace("二、工作要求", f"{MORE * 3}二、工作要求")


def loaded(page: Page, file: Path) -> Page:
    page.goto("/plans/new/")
    page.set_input_files("#id_notice", file)
    page.get_by_role("button", name="载入并读取").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("读得对吗？", timeout=30_000)  # reading takes a while
    return page


def opened(page: Page, title: str) -> None:
    """The form of a task."""
    page.locator("[data-row]", has_text=title).first.locator(".plan-task__edit").click()
    expect(page.locator("#outline h2", has_text="改正任务")).to_be_visible()


def lit(page: Page, pane: str) -> str:
    return "".join(page.locator(f"#{pane} .is-lit").all_inner_texts())


def seen(page: Page, pane: str) -> bool:
    """Whether what is lit on that side stands in view."""
    return bool(
        page.locator(f"#{pane} .is-lit").first.evaluate(
            "(e) => { const r = e.getBoundingClientRect(); const p = e.closest('.ls-split__scroll').getBoundingClientRect();"
            " return r.top >= p.top && r.top < Math.min(p.bottom, innerHeight); }"
        )
    )


def test_a_click_lights_a_pair_that_stays_and_moves_the_other_side_alone(enter: Enter, tmp_path: Path) -> None:
    page = loaded(enter("planner", DESK), notice_file(tmp_path, LONG))
    page.evaluate("scrollTo(0, 40)")
    task = page.locator("[data-row]", has_text="报送总结")
    task.scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    task.locator(".plan-task__facts").click(position={"x": 2, "y": 2})
    page.wait_for_timeout(700)
    assert "4月28日前将总结报送省文化厅" in lit(page, "text")
    assert seen(page, "text")
    page.mouse.move(5, 300)
    page.mouse.move(400, 400)
    assert "4月28日前将总结报送省文化厅" in lit(page, "text")
    assert page.evaluate("scrollY") == at
    page.keyboard.press("Escape")
    assert lit(page, "text") == ""

    for name, words in (("发文机关", "青原省文化厅"), ("发文字号", "青文发〔2026〕8号"), ("成文日期", "2026年3月2日")):
        fact = page.locator(f"#outline dt:text-is('{name}') + dd")
        fact.scroll_into_view_if_needed()
        at = page.evaluate("scrollY")
        fact.click(position={"x": 3, "y": 8})
        page.wait_for_timeout(500)
        assert words in lit(page, "text"), name
        assert seen(page, "text"), name
        assert page.evaluate("scrollY") == at
    page.locator("#text [data-span]", has_text="开展一次朗读会").first.click()
    page.wait_for_timeout(500)
    assert "开展一次朗读会" in lit(page, "outline")
    assert seen(page, "outline")


def test_a_click_lights_its_place_on_a_page_as_laid_out(enter: Enter, tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    write_pdf(from_markdown(notice_file(tmp_path, LONG).read_text(encoding="utf-8"), tmp_path), file)
    page = loaded(enter("planner", DESK), file)
    for name in ("发文机关", "发文字号", "成文日期"):
        fact = page.locator(f"#outline dt:text-is('{name}') + dd")
        fact.click(position={"x": 3, "y": 8})
        page.wait_for_timeout(500)
        assert page.locator("#text rect.is-lit").count() > 0, name
        assert seen(page, "text"), name
    page.locator("[data-row]", has_text="报送总结").locator(".plan-task__facts").click(position={"x": 2, "y": 2})
    page.wait_for_timeout(700)
    assert seen(page, "text")
    rect = page.locator("#text rect.is-lit").first
    rect.click()
    page.mouse.move(5, 300)
    assert "报送总结" in lit(page, "outline")


def test_the_focus_and_the_undo_button_follow_what_was_done(enter: Enter, tmp_path: Path) -> None:
    page = loaded(enter("planner", DESK), notice_file(tmp_path))
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: dialog.accept())  # the refused indicator is given up
    here = page.locator(":focus")
    undo = page.locator("#undo")

    opened(page, "在学校")
    new = page.locator("#indicators .plan-row--new")
    new.locator("summary").click()
    new.locator("[name=name]").fill("到场人数")
    new.get_by_role("button", name="添加").press("Enter")
    expect(undo).to_contain_text("添加指标“到场人数”")
    expect(here).to_contain_text("添加指标")
    here.press("Enter")
    new.locator("[name=name]").fill("身份证号")
    new.get_by_role("button", name="添加").press("Enter")
    expect(new.locator("[name=name][aria-invalid=true]")).to_be_focused()
    new.locator("[name=name]").fill("")
    page.fill("#id_q", "东川")
    page.locator(".plan-offered__one", has_text="东川市").first.press("Enter")
    expect(page.locator(".plan-chosen")).to_contain_text("东川市")
    expect(page.locator("#id_q")).to_be_focused()

    page.fill(".plan-task-form [name=title]", "在各学校")  # the parts raised its version: that is no conflict
    page.locator(".plan-task-form [name=lead]").focus()
    expect(page.locator("[data-save-line]")).to_contain_text("已保存")
    expect(page.locator(".plan-task-form .ls-form__acts")).not_to_contain_text("不改了")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-row]", has_text="在各学校")).to_be_focused()
    expect(page).to_have_url(page.url.split("/understanding/")[0] + "/understanding/")

    opened(page, "在企业")
    page.get_by_role("button", name="删去这项任务").press("Enter")
    expect(undo).to_contain_text("删去")
    expect(page.locator("[data-row]", has_text="统筹推进")).to_be_focused()
    assert page.url.endswith("/understanding/")
    page.get_by_role("link", name="添加任务").click()
    page.fill("[name=title]", "办好书市")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-row]", has_text="办好书市")).to_be_focused()
    assert page.url.endswith("/understanding/")
    opened(page, "在各学校")
    page.locator(".plan-foot").get_by_role("link", name="拆分").click()
    page.locator("[name=asks]").first.check()
    page.fill("[name=title]", "朗读会")
    page.get_by_role("button", name="拆分").click()
    expect(page.locator("[data-row]", has_text="朗读会").first).to_be_focused()
    assert page.url.endswith("/understanding/")
    assert [line for line in told if "selector" in line] == []
