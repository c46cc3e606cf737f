"""Choosing recipients in a browser: half boxes, levels opened on demand, live counts, keys, a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

NOTICE = """关于开展第四届读书月活动的通知

各市：
现将有关事项通知如下。
一、重点任务
（一）在学校。开展一次共读活动。9月28日前完成。
（二）做好宣传。报道一次活动。9月28日前完成。
"""


def draft(page: Page) -> None:
    """Load a notice, and go to the page that chooses recipients."""
    page.goto("/plans/new/")
    page.set_input_files("input[type=file]", {"name": "通知.txt", "mimeType": "text/plain", "buffer": NOTICE.encode()})
    page.locator("main button.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/plans/\d+/"))
    number = re.search(r"/plans/(\d+)/", page.url)
    assert number is not None
    page.goto(f"/plans/{number[1]}/recipients/")


def item(page: Page, name: str) -> Locator:
    return page.locator("[data-tree] li", has=page.locator(f":scope > label .ls-tree__name:has-text('{name}')")).last


def box(page: Page, name: str) -> Locator:
    return item(page, name).locator(":scope > label input[type=checkbox]")


def state(page: Page, name: str) -> tuple[bool, bool]:
    ticked, half = box(page, name).evaluate("b => [b.checked, b.indeterminate]")
    return bool(ticked), bool(half)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_choosing_recipients(enter: Enter, size: dict[str, int]) -> None:
    page = enter("planner", size)
    draft(page)
    effect = page.locator("#preview .ls-effect")
    expect(effect).to_contain_text("将向 9 个单位下达")
    item(page, "东川市").locator(":scope > details > summary").first.click()
    item(page, "河湾县").locator(":scope > details > summary").first.click()
    expect(box(page, "柳树镇")).to_be_checked()
    box(page, "柳树镇").uncheck()
    expect(effect).to_contain_text("将向 7 个单位下达")
    assert [state(page, name) for name in ("青原省的全部下级", "东川市", "柳树镇")] == [
        (True, True),
        (True, True),
        (False, False),
    ]
    expect(item(page, "东川市").locator(":scope > label .ls-tree__count")).to_have_text("5/7")
    expect(item(page, "柳树镇").locator(":scope > label .ls-tree__count")).to_have_text("0/2")
    item(page, "柳树镇").locator(":scope > details > summary").first.click()
    expect(box(page, "柳树村")).not_to_be_checked()
    box(page, "柳树村").focus()
    page.keyboard.press("Space")
    expect(effect).to_contain_text("将向 8 个单位下达")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.value") == "990101001"
    box(page, "青原省的全部下级").click()  # half: everything comes in
    expect(effect).to_contain_text("将向 9 个单位下达")
    box(page, "青原省的全部下级").click()
    expect(page.locator("#preview")).to_contain_text("还没有选中单位")
    page.fill("[name=q]", "河湾一")
    page.locator("#units-found button[name=take]").click()
    expect(page.locator("main")).to_contain_text("已选上“河湾一小”")
    expect(effect).to_contain_text("将向 1 个单位下达")
    assert state(page, "青原省的全部下级") == (False, True)
    page.reload()
    expect(effect).to_contain_text("将向 1 个单位下达")  # it is kept
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_branch_that_arrives_late_follows_the_box_above_it(enter: Enter) -> None:
    page = enter("planner", DESK)
    draft(page)
    item(page, "东川市").locator(":scope > details > summary").first.click()

    def late(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/recipients/below/**", late)
    item(page, "河湾县").locator(":scope > details > summary").first.click()
    box(page, "河湾县").uncheck()
    expect(box(page, "柳树镇")).not_to_be_checked()
    expect(page.locator("#preview .ls-effect")).to_contain_text("将向 3 个单位下达")
    page.get_by_role("button", name="看看负担").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("各单位要花多少时间？")
