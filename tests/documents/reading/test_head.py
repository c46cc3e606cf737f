"""Heads and signatures in the many ways copies keep them."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.documents.reading import head, repair, years
from luoshi.documents.reading.blocks.model import Cell, Line, table_row
from luoshi.documents.reading.head import Head
from tests.documents.reading.notices import document

BODY = "\n一、总体要求\n以阅读为主线，组织全县读书活动。\n二、活动内容\n（一）读一本书。各学校要组织师生读一本书。\n"


def found(text: str) -> Head:
    return head.find(document(text))


def test_red_head_with_urgency_and_several_issuers() -> None:
    it = found(
        "特 急\n青山省教育厅 青山省文化厅 青山省新闻出版局文件\n青教发[2024] 12 号\n关于举办2024年全民读书月活动的通知\n"
        "各市、县（区）教育局，各直属单位：\n现将有关事项通知如下。"
        + BODY
        + "青山省教育厅 青山省文化厅\n青山省新闻出版局\n"
        "2024年3月5日\n（此件公开发布）\n抄送：省委办公厅。\n青山省教育厅办公室 2024年3月6日印发"
    )
    assert it.title == "关于举办2024年全民读书月活动的通知"
    assert it.doc_number == "青教发〔2024〕12号"
    assert it.issuers == ("青山省教育厅", "青山省文化厅", "青山省新闻出版局")
    assert it.addressees == ("各市、县（区）教育局", "各直属单位")
    assert it.issue_date == date(2024, 3, 5)


def test_title_over_lines_and_signature_before_the_plan() -> None:
    it = found(
        "清水县人民政府办公室关于印发\n清水县2023年全民健身活动\n实施方案的通知\n清政办发〔2023〕5号\n"
        "各乡镇人民政府，县政府各部门：\n《清水县2023年全民健身活动实施方案》已经县政府同意，现印发给你们，请认真组织实施。\n"
        "清水县人民政府办公室\n二〇二三年四月十二日\n清水县2023年全民健身活动实施方案\n为推动全民健身，制定本方案。"
        + BODY
    )
    assert it.title == "清水县人民政府办公室关于印发清水县2023年全民健身活动实施方案的通知"
    assert it.plan_title == "清水县2023年全民健身活动实施方案"
    assert it.issuers == ("清水县人民政府办公室",)
    assert it.issue_date == date(2023, 4, 12)


def test_title_glued_to_the_addressees() -> None:
    it = found(
        "关于开展春季植树活动的通知各镇人民政府、各街道办事处：\n为搞好绿化，现通知如下："
        + BODY
        + "白云区绿化委员会办公室\n2022年2月8日"
    )
    assert it.title == "关于开展春季植树活动的通知"
    assert it.addressees == ("各镇人民政府", "各街道办事处")
    assert it.issuers == ("白云区绿化委员会办公室",)


def test_issuers_run_together_and_number_in_brackets() -> None:
    it = found(
        "东河市委宣传部东河市教育局东河市体育局\n关于开展“书香东河”阅读季活动的通知\n（东宣发〔２０２５〕３号）\n"
        "各县区委宣传部、教育局、体育局：\n经研究，决定开展活动。"
        + BODY
        + "东河市委宣传部东河市教育局东河市体育局\n2025 年 4 月 1 日"
    )
    assert it.issuers == ("东河市委宣传部", "东河市教育局", "东河市体育局")
    assert it.doc_number == "东宣发〔2025〕3号"
    assert it.title == "东河市委宣传部东河市教育局东河市体育局关于开展“书香东河”阅读季活动的通知"


def test_page_with_metadata_above() -> None:
    it = found(
        "索引号：000014349/2020-00012\n发文机关：青山省人民政府办公厅\n标题：关于促进全民阅读的意见\n"
        "发文字号：青政办发〔2020〕8号\n发布日期：2020年03月20日\n青山省人民政府办公厅关于促进全民阅读的意见\n青政办发〔2020〕8号\n"
        "各市、县人民政府，省政府各部门、各直属机构：\n阅读很重要。现提出以下意见。"
        + BODY
        + "青山省人民政府办公厅\n2020年3月17日"
    )
    assert it.title == "青山省人民政府办公厅关于促进全民阅读的意见"
    assert it.doc_number == "青政办发〔2020〕8号"
    assert it.issue_date == date(2020, 3, 17)


def test_placeholders_and_seal() -> None:
    it = found(
        "××县教育局文件\n×教字〔2021〕15号\n关于开展安全教育月活动的通知\n各中小学校、幼儿园：\n为了安全，通知如下："
        + BODY
        + "附件：1.活动安排表\n2.总结模板\n××县教育局（盖章）\n2021年2月25日"
    )
    assert it.doc_number == "×教字〔2021〕15号"
    assert it.issuers == ("××县教育局",)
    assert it.addressees == ("各中小学校", "幼儿园")


def test_date_on_the_line_of_the_signature() -> None:
    it = found(
        "中共青山市委办公室 青山市人民政府办公室印发《关于推进全民阅读的实施意见》的通知\n"
        "各县（市、区）党委和人民政府，市直各单位：\n《关于推进全民阅读的实施意见》已经同意，现印发给你们，请贯彻落实。\n"
        "中共青山市委办公室 青山市人民政府办公室 2023年6月1日\n关于推进全民阅读的实施意见\n为推进全民阅读，提出如下意见。"
        + BODY
    )
    assert it.issuers == ("中共青山市委办公室", "青山市人民政府办公室")
    assert it.issue_date == date(2023, 6, 1)
    assert it.plan_title == "关于推进全民阅读的实施意见"


def test_a_plan_alone_has_a_title_and_nothing_else() -> None:
    it = found("西林小学“读书节”活动方案\n为营造书香校园，制定本方案。" + BODY)
    assert it.title == "西林小学“读书节”活动方案"
    assert (it.doc_number, it.issuers, it.addressees, it.issue_date) == (None, (), (), None)


def test_a_body_alone_has_no_title() -> None:
    assert found("为推动全民阅读，结合实际，制定本方案。" + BODY).title is None


def test_an_incomplete_date_is_doubted_not_guessed() -> None:
    it = found("关于做好防汛工作的通知\n各村（社区）：\n汛期已到，请做好准备。" + BODY + "长河镇人民政府\n2024年 月 日")
    assert it.issue_date is None
    assert "issue_date" in {d.field for d in it.doubts}
    assert it.issuers == ("长河镇人民政府",)


def test_a_lost_title_is_put_together_from_the_letter_and_doubted() -> None:
    it = found(
        "各幼儿园：\n《2026年青山区幼儿园招生工作方案》已经审议通过，现印发给你们，请遵照执行。\n青山区教育局\n2026年4月20日\n"
        "2026年青山区幼儿园招生工作方案\n为做好招生工作，制定本方案。" + BODY
    )
    assert it.title == "青山区教育局关于印发《2026年青山区幼儿园招生工作方案》的通知"
    assert "title" in {d.field for d in it.doubts}


def test_a_number_cited_in_the_body_is_not_the_document_s() -> None:
    it = found("关于开展读书活动的通知\n各学校：\n根据《读书规定》（青政发〔2019〕4号），现通知如下。" + BODY)
    assert it.doc_number is None


def test_letter_spaced_notice_word() -> None:
    it = found(f"关于开展读书宣传活动的 通 知\n各乡镇人民政府、县政府各部门,各相关企业:\n现通知如下:{BODY}")
    assert it.title == "关于开展读书宣传活动的通知"


def test_number_in_brackets_at_the_end_of_the_title() -> None:
    it = found(
        f"乙市人民政府办公室印发《关于推进全民阅读的意见》的通知(乙政办发〔2017〕2号)\n各县人民政府：\n请执行。{BODY}"
    )
    assert it.title == "乙市人民政府办公室印发《关于推进全民阅读的意见》的通知"
    assert it.doc_number == "乙政办发〔2017〕2号"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("青山县教育局关于全面推行\n课前读书制度课后读书制度\n读书检查制度的意见", "全面推行课前读书制度课后读书制度读书检查制度的意见"),
        ("青山县教育局关于做好读书规范性文件\n清理工作的通知", "做好读书规范性文件清理工作的通知"),
    ],
)  # fmt: skip
def test_lines_of_a_title_that_read_like_something_else(lines: str, title: str) -> None:
    assert found(f"{lines}\n青教发〔2024〕1号\n各学校：\n请执行。{BODY}").title == f"青山县教育局关于{title}"


def test_a_title_that_forwards() -> None:
    it = found(
        "青山县人民政府办公室转发县教育局\n关于加强读书工作意见的通知\n青政办〔2024〕3号\n各学校：\n请执行。\n"
        "青山县人民政府办公室\n2024年3月5日\n关于加强读书工作的意见\n读书很好。" + BODY
    )
    assert it.title == "青山县人民政府办公室转发县教育局关于加强读书工作意见的通知"
    assert it.plan_title == "关于加强读书工作的意见"
    assert it.issuers == ("青山县人民政府办公室",)


def test_an_answer_to_a_person() -> None:
    it = found(f"青山县教育局对政协三届二次会议\n第12号提案的答复\n王小书委员：\n现答复如下。{BODY}")
    assert it.title == "青山县教育局对政协三届二次会议第12号提案的答复"
    assert it.addressees == ("王小书委员",)


def test_an_order_heads_what_it_puts_into_force() -> None:
    it = found(
        "中华人民共和国读书部令\n第12号\n现公布修订后的《读书月条例》，自公布之日起施行。\n部长 王小书\n2024年3月5日\n"
        "读书月条例\n（2019年1月1日公布）\n第一条 为了读书，制定本条例。"
    )
    assert it.title == "读书月条例"
    assert it.doc_number == "中华人民共和国读书部令第12号"
    assert it.issuers == ("读书部",)
    assert it.issue_date == date(2024, 3, 5)


def test_a_title_that_runs_into_the_body_and_addressees_in_the_tail() -> None:
    it = found(
        "青山县读书行动实施方案为深入贯彻读书精神，推动全县读书，制定本方案。"
        + BODY
        + "多读好书。主送：各中小学校，各幼儿园\n青山县教育局2024年3月5日印发"
    )
    assert it.title == "青山县读书行动实施方案"
    assert it.addressees == ("各中小学校", "各幼儿园")
    assert it.issuers == ("青山县教育局",)
    assert it.issue_date is None


def test_addressees_that_run_into_the_letter() -> None:
    it = found(f"关于开展读书活动的通知\n各学校、各幼儿园：为了多读书，现通知如下。{BODY}青山县教育局\n2024年3月5日")
    assert it.addressees == ("各学校", "各幼儿园")


def test_a_sentence_that_says_why_is_no_title() -> None:
    assert found(f"为深入贯彻读书精神，推动全县读书工作，结合实际，制定如下措施{BODY}").title is None


def test_a_red_head_cut_in_two_and_another_signature() -> None:
    it = found(
        "青山县山水文化旅游发展集团读书运\n营有限公司文件\n青读字〔2024〕5号\n关于开展读书活动的通知\n各部门：\n请执行。"
        + BODY
        + "读书安全委员会办公室\n2024年3月5日"
    )
    assert it.issuers == ("青山县山水文化旅游发展集团读书运营有限公司",)
    assert "issuers" in {d.field for d in it.doubts}


def test_a_red_head_that_writes_the_signature_s_name_in_full() -> None:
    it = found(
        "青山省安全读书委员会办公室文件\n青读〔2024〕5号\n关于开展读书活动的通知\n各市：\n请执行。"
        + BODY
        + "青山省读委会办公室\n2024年3月5日"
    )
    assert it.issuers == ("青山省读委会办公室",)


def test_a_name_that_the_signature_breaks() -> None:
    it = found(
        "青山县教育局\n青山县城乡文化旅游局\n文件\n青教发〔2024〕12号\n关于开展读书活动的通知\n各学校：\n请执行。"
        + BODY
        + "青山县教育局\n青山县城乡文化\n旅游局\n2024年3月5日\n青山县教育局办公室2024年3月6日印发"
    )
    assert it.issuers == ("青山县教育局", "青山县城乡文化旅游局")
    assert it.issue_date == date(2024, 3, 5)


def test_a_form_s_label_is_no_addressee() -> None:
    it = found(
        f"发布机关：青山县教育局文件状态：\n关于开展读书活动的通知\n青教发〔2024〕12号\n各学校：\n请执行。{BODY}"
    )
    assert it.addressees == ("各学校",)


def test_what_a_page_states_above_the_document() -> None:
    page = [
        table_row([Cell("文号："), Cell("青教发〔2024〕12号"), Cell("成文日期："), Cell("2024-03-05")]),
        table_row([Cell("发布日期："), Cell("2024-03-09")]),
        Line("关于开展读书活动的通知"),
        Line("各学校："),
        Line("请多读书。"),
    ]
    it = head.find(repair.document(page))
    assert (it.title, it.doc_number, it.issue_date) == (
        "关于开展读书活动的通知",
        "青教发〔2024〕12号",
        date(2024, 3, 5),
    )
    lines = "发文字号：青教发〔2024〕12号 成文日期：2024年3月5日\n发布日期：2024年3月9日\n关于开展读书活动的通知\n各学校：\n请多读书。"
    assert (found(lines).doc_number, found(lines).issue_date) == ("青教发〔2024〕12号", date(2024, 3, 5))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("青教发〔2024〕12号", "青教发〔2024〕12号"),
        ("青教发[2024]12号", "青教发〔2024〕12号"),
        ("青教发（2024）12号", "青教发〔2024〕12号"),
        ("青教发【2024】12号", "青教发〔2024〕12号"),
        ("青教发〔２０２４〕１２号", "青教发〔2024〕12号"),
        ("青教发〔2024〕 12 号", "青教发〔2024〕12号"),
        ("（青教发〔2024〕12号）", "青教发〔2024〕12号"),
        ("青教发〔2024〕12号 签发人：王小书", "青教发〔2024〕12号"),
        ("青教发〔2024〕XX号", "青教发〔2024〕XX号"),
    ],
)
def test_numbers(written: str, number: str) -> None:
    assert found(f"{written}\n关于开展读书活动的通知\n各学校：\n请执行。{BODY}").doc_number == number


@pytest.mark.parametrize(
    "written",
    [
        "二〇二四年三月五日",
        "二○二四年三月五日",
        "二零二四年三月五日",
        "2024 年 3 月 5 日",
        "２０２４年３月５日",
        "（2024年3月5日）",
    ],
)
def test_days_of_issue(written: str) -> None:
    it = found(
        f"关于开展读书活动的通知\n各学校：\n请执行。{BODY}青山县教育局\n{written}\n抄送：县委办。\n2024年3月6日印发"
    )
    assert it.issue_date == date(2024, 3, 5)


@pytest.mark.parametrize(
    "unit",
    ["关于", "青山县教育局", "青山县教育局\n", "《", "各学校：", "（青教发〔2024〕", "2024年3月5日\n", "附件：1."],
)
def test_a_great_deal_of_one_thing_ends(unit: str) -> None:
    found(unit * (200_000 // len(unit)))


@pytest.mark.parametrize(
    ("title", "edition"),
    [
        ("教育部办公厅关于举办第九届全国青少年读书行动的通知", 9),
        ("关于开展第40个活动月的通知", 40),
        ("关于公布第二批书香校园名单的通知", 2),
        ("关于开展读书活动的通知", None),
    ],
)
def test_edition(title: str, edition: int | None) -> None:
    assert found(f"{title}\n各学校：\n现通知如下。{BODY}").edition == edition


@pytest.mark.parametrize(
    ("signed", "issuers"),
    [
        ("全县读书月领导小组\n（青山县教育局代章）", ("全县读书月领导小组",)),
        ("全县读书月领导小组（青山县教育局代章）", ("全县读书月领导小组",)),
        ("（青山县教育局代章）", ("青山县教育局",)),
    ],
)
def test_a_seal_in_place_of_another(signed: str, issuers: tuple[str, ...]) -> None:
    assert found(f"关于开展读书活动的通知\n各学校：\n请执行。{BODY}{signed}\n2024年3月5日").issuers == issuers


def test_the_line_about_the_printing_names_a_year() -> None:
    it = found(f"关于开展读书活动的通知\n各学校：\n请执行。{BODY}青山县教育局办公室2024年3月6日印发")
    assert it.issue_date is None
    assert years.base(None, (it.title,), it.printed).year == 2024


def test_an_order_below_the_way_to_its_page() -> None:
    way = "青山县人民政府\n服务\n互动\n公开\n搜索\n您当前所在的位置：首页 > 政务公开 > 规章" + " > 文件" * 30
    it = found(
        f"{way}\n青山市人民政府令\n第12号\n《青山市书屋管理办法》已经审议通过，现予公布。\n青山市书屋管理办法\n第一条 为了读书。"
    )
    assert (it.title, it.doc_number, it.issuers) == (
        "青山市书屋管理办法",
        "青山市人民政府令第12号",
        ("青山市人民政府",),
    )


@pytest.mark.parametrize(
    ("title", "to"),
    [
        ("青山县人民政府关于推进全民阅读的指导意见", "各乡镇人民政府，县政府各部门"),
        ("青山县人民政府关于命名书香村的批复", "白河镇人民政府"),
        ("青山县教育局对第12号建议的答复", "林月代表"),
    ],
)
def test_titles_glued_to_whom_they_address(title: str, to: str) -> None:
    it = found(f"{title}{to}：\n阅读很重要。{BODY}青山县教育局\n2024年3月5日")
    assert it.title == title
    assert "，".join(it.addressees) == to


def test_a_sentence_that_asks_is_no_title_with_addressees() -> None:
    it = found(f"按照县文旅局关于办好书屋的通知各学校要做好下列工作：{BODY}青山县教育局\n2024年3月5日")
    assert (it.title, it.addressees) == (None, ())
