"""Why the reader is not sure of something: every reason it can give, with its sentence in English and in Chinese.

The JSON of ``luoshi parse`` carries the English sentence; ``known`` finds the reason of one again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Reason:
    """What is doubtful, for the person who checks it. Parameters, such as ``{page}``, are numbers."""

    english: str
    chinese: str

    def at(self, **params: int) -> Reason:
        """The same with its parameters filled in."""
        return Reason(self.english.format(**params), self.chinese.format(**params))

    def sentence(self, language: str) -> str:
        """The sentence in one language: ``en`` or ``zh``."""
        return self.english if language == "en" else self.chinese


# the file

SPOILT_CHARACTERS = Reason(
    "Some characters are spoilt. Please compare with the original.",
    "有些字已经损坏，读不出来。请对照原件。",
)
PAGE_WITHOUT_TEXT = Reason(
    "Page {page} has no text and may be a picture. Please compare with the original.",
    "第 {page} 页没有文字，可能是图片。请对照原件。",
)
PAGE_RECOGNISED = Reason(
    "Page {page} is a picture whose words were recognised. Please compare with the original.",
    "第 {page} 页是图片，文字由识别得出。请对照原件。",
)
PAGE_NOT_RECOGNISED = Reason(
    "Page {page} is a picture and was not read, since recognising the pages before it took all the time there is.",
    "第 {page} 页是图片，识别前面各页已用完时间，这一页没有读。请对照原件。",
)
LINE_UNSURE = Reason(
    "On page {page}, {lines} lines were recognised with little certainty. Please compare with the original.",
    "第 {page} 页有 {lines} 行文字识别把握不大。请对照原件。",
)

# the tasks

DAY_WITHOUT_TASK = Reason(
    "A day is set here, but no task has it. If somebody is asked for something, please add a task.",
    "这里写了期限，但不在任何一项任务里。如果是要人办的事，请添加任务。",
)

# the head and the signature

NO_TITLE = Reason("No title was found in the file. Please add it.", "文件里没有找到标题，请补上。")
NO_ISSUERS = Reason("Nobody who issues it was found in the file. Please add them.", "文件里没有找到发文机关，请补上。")
NO_DATE = Reason("No date of issue was found in the file. Please add it.", "文件里没有找到成文日期，请补上。")
FIRST_LINE_AS_TITLE = Reason(
    "No clear title was found. The first line is taken as the title for now.",
    "没有找到明显的标题，暂以第一行为标题。",
)
TITLE_PUT_TOGETHER = Reason(
    "This file has no title. One was put together from its letter for now.",
    "这份文件没有标题，暂由正文拼成。",
)
ISSUERS_OF_TITLE = Reason(
    "No signature was found. The issuers are taken from the title.",
    "没有找到落款，发文机关取自标题。",
)
HEAD_AND_SIGNATURE_DIFFER = Reason(
    "The red head and the signature name different units. The red head is taken for now.",
    "红头与落款不是同一单位，暂取红头。",
)
ISSUERS_OF_PRINTING = Reason(
    "No signature was found. The issuers are taken from the printing note.",
    "没有找到落款，发文机关取自印发说明。",
)
ISSUE_DATE_INCOMPLETE = Reason(
    "The date of issue is incomplete, or there is no such day.",
    "成文日期不完整，或者没有这一天。",
)

# tasks

NO_TASKS = Reason("No tasks were read. Please add them yourself.", "没有读出任务，请自己添加。")
NO_HEADING = Reason(
    "This task has no heading. Its title is the beginning of the sentence that asks for it.",
    "这项任务没有标题，暂以提出要求的那句话的开头为标题。",
)
SETTINGS_TOGETHER = Reason(
    "Several settings are named here together. Please split the task if each is asked for something of its own.",
    "这里同时写了几个领域。如果各有各的要求，请拆分任务。",
)
SETTING_OF_PART = Reason(
    "Only part of this is asked of the units of one setting. Please set the setting, or split the task.",
    "这里只有一部分要求写明由某一领域的单位办。请选定领域，或者拆分任务。",
)
HEADING_OF_FACTS = Reason(
    "The heading names no task, but something is asked under it. Please delete the task if it is none.",
    "标题看不出是任务，但下面写了要办的事。如果不是任务，请删去。",
)
KIND_UNCLEAR = Reason(
    "The kind of this task is not clear. It is put under “other” for now.",
    "看不出这项任务的性质，暂归入“其他”。",
)
NOTHING_COUNTABLE = Reason("Nothing single and countable was read.", "没有读出具体的、可计数的事项。")

# units

UNITS_NOT_READ = Reason(
    "Somebody is to be responsible here, but no unit was read. Please add them.",
    "这里写了由谁负责，但没有读出单位，请补上。",
)

# deadlines

BEFORE_A_MONTH = Reason(
    "“Before month X” (X月前) is read as up to the end of that month.",
    "“X月前”按到这个月底为止理解。",
)
NO_SUCH_YEAR = Reason("The year cannot be right. Please compare with the original.", "年份不对，请对照原件。")
NOT_ORDERED = Reason(
    "The days off of that year are not known here. Please set the day yourself.",
    "这里没有那一年的放假安排，请自己定日期。",
)
NO_SUCH_DAY = Reason("There is no such day.", "没有这一天。")
NO_MONTH = Reason("No month is given, and the date of issue is not known.", "没有写月份，成文日期也不清楚。")
NO_YEAR = Reason("No year is given.", "没有写年份。")
NO_YEAR_NO_ISSUE = Reason("No year is given, and the date of issue is not known.", "没有写年份，成文日期也不清楚。")
YEAR_OF_PLAN = Reason(
    "No year is given. The year that the plan or its printing names is taken for now.",
    "没有写年份，暂取方案或印发日期所在的年份。",
)
NEXT_YEAR = Reason(
    "No year is given. In the same year the day would lie before the date of issue, so the next year is taken for now.",
    "没有写年份；按当年算早于成文日期，暂取下一年。",
)

# an amended notice

KEPT_AGAINST_AMENDMENT = Reason(
    "The amended notice says otherwise here. What you had put in was kept.",
    "修订稿里这一处不同，保留的是您改正过的。",
)

REASONS = {name: value for name, value in list(globals().items()) if isinstance(value, Reason)}


@lru_cache(maxsize=1000)
def known(english: str) -> Reason:
    """The reason whose English sentence this is; one that stands here no longer says it in English alone."""
    for reason in REASONS.values():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\d+)", re.escape(reason.english))
        said = re.fullmatch(pattern, english)
        if said:
            return reason.at(**{name: int(number) for name, number in said.groupdict().items()})
    return Reason(english, english)
