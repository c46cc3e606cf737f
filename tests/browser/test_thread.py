"""The whole thread in a real browser: a notice goes in, an accepted and compiled summary comes out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from luoshi.demo.notice import write_notice
from luoshi.demo.pictures import draw
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = [pytest.mark.browser, pytest.mark.anywhere]
SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "activity-month" / "notice.txt"
END = (timezone.localdate() + dt.timedelta(days=30)).isoformat()


@pytest.fixture(params=["the sample notice", "our own notice"])
def notice(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file that goes in."""
    if request.param == "our own notice":
        return write_notice(tmp_path, timezone.localdate())
    if not SAMPLE.exists():
        pytest.skip("the samples are not beside this repository")
    return SAMPLE


def test_from_the_notice_to_the_compiled_summary(enter: Enter, notice: Path, tmp_path: Path) -> None:
    planner = enter("planner", DESK)
    load_and_issue(planner, notice)

    school = enter("reporter", PHONE)
    sign(school)
    plan_activity(school)
    report(school, pictures(tmp_path))

    county = enter("co_ordinator", DESK)
    send_back(county)
    correct(school)
    accept(county, "上好阅读课，第二次")

    prefecture = enter("prefect", DESK)
    sign(prefecture)
    sum_up(prefecture)
    accept(planner, None)

    file = compile_report(planner, tmp_path)
    words = "\n".join(p.text for p in docx.Document(str(file)).paragraphs)
    assert "两所学校参加" in words
    assert "西岭市" in words
    assert len(docx.Document(str(file)).inline_shapes) == 1


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    page.wait_for_load_state()
    page.wait_for_function("document.readyState === 'complete' && document.documentElement.scrollWidth <= innerWidth")


def load_and_issue(page: Page, notice: Path) -> None:
    page.goto("/plans/new/")
    page.set_input_files("#id_notice", notice)
    page.get_by_role("button", name="载入并读取").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("读得对吗？", timeout=30_000)
    expect(page.locator(".ls-summary-bar")).to_contain_text("14 任务")
    fits(page)
    # Most tasks name no day: the plan's last day holds for them, and it must not be over yet.
    page.get_by_role("link", name="改正", exact=True).last.click()
    page.fill("[name=period_end]", END)
    page.get_by_role("button", name="完成").click()
    month, day = END[5:7].lstrip("0"), END[8:].lstrip("0")
    expect(page.locator("#outline dl").first).to_contain_text(f"{month}月{day}日")
    page.get_by_role("link", name="下一步：选择单位").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("下达给哪些单位？")
    for box in page.locator("[data-tree] > ul > li > label input[type=checkbox]").all():
        box.check()
    expect(page.locator("#preview")).to_contain_text("将向 9 个单位下达")
    fits(page)
    page.get_by_role("button", name="下一步：确认印发").click()
    expect(page.locator(".ls-effect")).to_contain_text("将向 9 个单位下达")
    page.get_by_role("button", name="印发", exact=True).dblclick()
    expect(page.locator(".ls-figures, .ls-counts").first).to_be_visible()


def sign(page: Page) -> None:
    page.goto("/")
    page.locator("a[href*='/receipts/']").first.click()
    page.wait_for_url("**/receipts/**")
    fits(page)
    page.get_by_role("button", name="签收").click()
    expect(page.locator("main")).to_contain_text("已签收")


def plan_activity(page: Page) -> None:
    page.get_by_role("link", name="在学校").first.click()
    page.get_by_role("link", name="安排活动").first.click()
    page.fill("[name=title]", "上好阅读课")
    page.fill("[name=planned_on]", timezone.localdate().isoformat())
    page.fill("[name=place]", "图书室")
    fits(page)
    page.get_by_role("button", name="列入计划").click()
    expect(page.locator("main")).to_contain_text("上好阅读课")


def pictures(folder: Path) -> list[Path]:
    files = []
    for number in (1, 2):
        file = folder / f"{number}.jpg"
        file.write_bytes(draw("阅读课", number))
        files.append(file)
    return files


def report(page: Page, files: list[Path]) -> None:
    page.get_by_role("link", name="报送", exact=True).first.click()
    page.fill("[name=title]", "上好阅读课")
    page.fill("[name=held_on]", timezone.localdate().isoformat())
    page.fill("[name=place]", "图书室")
    page.fill("[name=attendance]", "42")
    page.fill("[name=words]", "四个班轮流到图书室上课。")
    page.set_input_files("#id_files", files)
    expect(page.locator("[data-picture]")).to_have_count(2)
    fits(page)
    page.locator("form[data-report] .btn-primary").dblclick()
    expect(page.locator("main")).to_contain_text("待审核")
    expect(page.locator("main")).to_contain_text("四个班轮流到图书室上课。")


def send_back(page: Page) -> None:
    page.goto("/review/")
    page.get_by_role("link", name="上好阅读课").first.click()
    page.wait_for_url("**/submissions/**")
    fits(page)
    page.fill("[name=reason]", "请写明是哪四个班。")
    page.get_by_role("button", name="退回").click()
    expect(page.locator("body")).to_contain_text("退回")


def correct(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="在学校").first.click()
    expect(page.locator("main")).to_contain_text("请写明是哪四个班。")
    page.get_by_role("link", name="修改后再报送").click()
    expect(page.locator("[name=words]")).to_have_value("四个班轮流到图书室上课。")
    expect(page.locator("[data-picture]")).to_have_count(2)
    page.fill("[name=title]", "上好阅读课，第二次")
    page.locator("[data-picture-off]").first.click()
    page.locator("form[data-report] .btn-primary").click()
    expect(page.locator("main")).to_contain_text("待审核")


def accept(page: Page, title: str | None) -> None:
    page.goto("/review/")
    page.locator("a[href*='/submissions/']", has_text=title or "").first.click()
    page.wait_for_url("**/submissions/**")
    page.keyboard.press("a")  # a letter alone decides nothing
    expect(page.get_by_role("button", name="通过")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("已通过")


def sum_up(page: Page) -> None:
    page.goto("/reports/")
    page.locator("main a[href*='/obligations/']").first.click()
    page.get_by_role("link", name="写总结").click()
    expect(page.locator("main")).to_contain_text("上好阅读课，第二次")
    page.fill("[name=words]", "两所学校参加，借书三百册。")
    page.locator("[name=pictures]").first.check()
    fits(page)
    page.get_by_role("button", name="报送总结").click()
    expect(page.locator("main")).to_contain_text("待审核")


def compile_report(page: Page, folder: Path) -> Path:
    page.goto("/reports/")
    page.locator("main a[href*='/compile/']").first.click()
    expect(page.locator("main")).to_contain_text("东川市")
    fits(page)
    page.get_by_role("button", name="生成 docx 和 PDF").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载 docx").click()
    file = folder / "compiled.docx"
    coming.value.save_as(file)
    return file
