"""A notice of our own, as a file, as it was read, and as a draft plan."""

from __future__ import annotations

from pathlib import Path

from luoshi.documents.reading import read
from luoshi.plans.adopt import adopt
from luoshi.plans.models import Plan
from tests.cast import Cast

TEXT = """青原省文化厅文件
青文发〔2026〕8号
青原省文化厅关于印发《第三届读书月工作方案》的通知
各市文化局：
现将《第三届读书月工作方案》印发给你们，请认真组织实施。
青原省文化厅
2026年3月2日
第三届读书月工作方案
2026年4月是第三届读书月。活动的主题是：一起读，读给你听。
一、重点任务
（一）在学校。开展一次朗读会，举办一场讲座。
（二）在企业。设立读书角，并于2月10日前备案。
（三）统筹推进。各地要统筹推进各项工作。
二、工作要求
（一）报送总结。请于2026年4月28日前将总结报送省文化厅。
"""


def notice_file(folder: Path, text: str = TEXT, name: str = "读书月通知.txt") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def adopted(cast: Cast, folder: Path, text: str = TEXT) -> Plan:
    """The draft plan that the planner gets of the notice."""
    file = notice_file(folder, text)
    return adopt(read(file), file, organisation=cast.organisations["99"], by=cast.planner)
