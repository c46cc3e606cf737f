"""Why no document was written, or what it lacks, for the person: in English, then the same in Chinese."""

from __future__ import annotations

SENTENCES = {
    "no_field": (
        "“{line}” between the lines of --- is none of {fields}.",
        "两行 --- 之间的“{line}”不在可用的项目之内。",
    ),
    "said_twice": (
        "“{line}” says again what a line above it has said; keep one of the two.",
        "“{line}”与上面一行重复，请只留一行。",
    ),
    "no_date": (
        "“{text}” is no date; write it as 2026年9月28日 or 2026-09-28.",
        "“{text}”不是日期，请写成 2026年9月28日 或 2026-09-28。",
    ),
    "no_form": (
        "“{value}” is no form of official document; write 信函 or leave the line out.",
        "“{value}”不是可用的格式，请写“信函”或删去这一行。",
    ),
    "no_kind": (
        "{out} ends neither in .docx nor in .pdf; name the file with one of the two.",
        "{out} 的扩展名不是 .docx 或 .pdf，请改用其中之一。",
    ),
    "no_folder": (
        "the folder {folder} does not exist; create it first.",
        "文件夹 {folder} 不存在，请先建好。",
    ),
    "not_written": (
        "{out} cannot be written: {reason}; choose another place.",
        "{out} 无法写入，请换一个位置。",
    ),
    "not_read": (
        "{file} cannot be read: {reason}; check the path.",
        "{file} 无法读取，请检查路径。",
    ),
    "oversized": (
        "{file} is larger than {limit} MB; give it in parts.",
        "{file} 超过 {limit} MB，请分成几份。",
    ),
    "too_long": (
        "{file} has more than {limit} characters; give it in parts.",
        "{file} 超过 {limit} 字，请分成几份。",
    ),
    "no_text": (
        "{file} is no text; save it as plain text or Markdown.",
        "{file} 不是文本，请存为纯文本或 Markdown。",
    ),
    "empty": (
        "{file} is empty; write the text of the document into it.",
        "{file} 是空的，请先写入公文内容。",
    ),
    "no_picture": (
        "{file} is missing; a note stands in its place.",
        "缺少图片 {file}，原处写有说明。",
    ),
    "not_understood": (
        "{file}: {why}",
        "",
    ),
    "end_missed": (
        "{file}: the end of the text was not recognised, so that a signature, a date or an attachment stands in the body; put "
        "the names and the date on lines of their own at the end, or give 署名 and 日期 at the top.",
        "{file}：没有认出文末，署名、日期或附件留在了正文里；请把署名和日期各写一行放在文末，或在开头写明“署名”和“日期”。",
    ),
}


def sentence(code: str, **params: object) -> str:
    """The sentence in both languages."""
    return " ".join(words.format(**params) for words in SENTENCES[code] if words)


class NotUnderstood(ValueError):
    """A line at the top that cannot be taken; its text is for the person."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(sentence(code, **params))
