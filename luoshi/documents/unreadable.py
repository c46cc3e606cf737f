"""Why a file cannot be read, in words for the person who has it in front of them."""

from __future__ import annotations

# code → (English, Chinese). Each says what is wrong, with which file, and what to do about it.
SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("{name}: there is no such file; check the path.", "{name}：没有这个文件，请检查路径。"),
    "not_a_file": ("{name} is not a file; name a single document.", "{name} 不是文件，请指定单个文件。"),
    "not_allowed": (
        "{name} may not be opened by this account; check its permissions.",
        "{name} 无权打开，请检查权限。",
    ),
    "empty": ("{name} is empty; load the document itself.", "{name} 是空文件，请载入有内容的文件。"),
    "no_text": (
        "{name} holds no text; load a version that has the words in it.",
        "{name} 中没有文字，请载入有文字的版本。",
    ),
    "encrypted": (
        "{name} is protected with a password; save a copy without the password and load that.",
        "{name} 设有密码，请另存一份不带密码的副本再载入。",
    ),
    "oversized": (
        "{name} is larger than {limit} MB; load the document without its pictures or in parts.",
        "{name} 超过 {limit} MB，请去掉图片或拆分后再载入。",
    ),
    "too_long": (
        "{name} holds more text than a notice can ({limit} characters at most); load the notice alone.",
        "{name} 的文字超过 {limit} 字，请只载入通知本身。",
    ),
    "unknown_type": (
        "{name} is no document that can be read here; save it as docx, PDF or plain text.",
        "{name} 不是可以识别的文件，请另存为 docx、PDF 或纯文本。",
    ),
    "unsupported": (
        "{name} is a file of the kind {kind}, which is not read yet; save it as docx, PDF or plain text.",
        "{name} 是 {kind} 文件，暂不支持，请另存为 docx、PDF 或纯文本。",
    ),
    "scan": (
        "{name} is a picture or a scan, and recognising the words in pictures is not installed here; load the original "
        'that has its words in it, or have it installed with pip install "luoshi[ocr]".',
        "{name} 是图片或扫描件，这里没有安装图片文字识别，请载入带文字的原文件，"
        '或请管理员安装：pip install "luoshi[ocr]"。',
    ),
    "no_office": (
        "{name} is an old Word or WPS document or RTF, for which LibreOffice is needed and was not found; install it "
        "(Debian: apt-get install libreoffice-writer-nogui), or save the document as docx.",
        "{name} 是旧版 Word、WPS 或 RTF 文件，需要 LibreOffice 才能读取，但没有找到；请安装"
        "（Debian：apt-get install libreoffice-writer-nogui），或另存为 docx 再载入。",
    ),
    "no_member": (
        "{name} holds no notice that can be read here; take the notice out and load it by itself.",
        "{name} 里没有可以读取的通知，请取出通知文件单独载入。",
    ),
    "nested": (
        "{name} is an archive within an archive; unpack it and load the notice itself.",
        "{name} 是压缩包里的压缩包，请解压后载入通知本身。",
    ),
    "crowded": (
        "{name} holds more than {limit} parts, which no notice comes with; take the notice out and load it by itself.",
        "{name} 里的内容超过 {limit} 项，请取出通知文件单独载入。",
    ),
    "too_many_pages": (
        "{name} has {pages} pages, more than the {limit} that are read at most; load the pages of the notice alone.",
        "{name} 有 {pages} 页，超过 {limit} 页的上限，请只载入通知所在的页。",
    ),
    "corrupt": (
        "{name} is damaged and cannot be opened as {kind}; get it again from whoever sent it.",
        "{name} 已损坏，无法按 {kind} 打开，请向发送方重新索取。",
    ),
    "no_page": (
        "{name} has no page {limit} that could be shown; choose another page, or load a PDF.",
        "{name} 没有可以显示的第 {limit} 页，请换一页，或载入 PDF。",
    ),
    "bomb": (
        "{name} unpacks to more than {limit} MB and was not opened; load a plain copy of the document.",
        "{name} 解压后超过 {limit} MB，未予打开，请另存一份普通副本再载入。",
    ),
    "timeout": (
        "{name} took longer than {limit} seconds to read and was given up; load it in parts or as plain text.",
        "{name} 读取超过 {limit} 秒，已停止，请拆分或另存为纯文本再载入。",
    ),
    "memory": (
        "{name} needs more than {limit} MB of memory to read; load it in parts or as plain text.",
        "{name} 读取所需内存超过 {limit} MB，请拆分或另存为纯文本再载入。",
    ),
    "no_sheet": (
        "{name} is no table that can be read here; save it as XLSX or CSV.",
        "{name} 不是可以读取的表格，请另存为 XLSX 或 CSV。",
    ),
    "old_sheet": (
        "{name} is an old Excel or WPS workbook (xls, et) or is protected with a password; save it as XLSX without one.",
        "{name} 是旧版表格（xls、et），或者设有密码，请另存为不带密码的 XLSX。",
    ),
    "broken_sheet": (
        "{name} is damaged, or much larger than what is filled in; copy what is filled in into a new workbook and save "
        "that as XLSX.",
        "{name} 已损坏，或者比实际填写的内容大得多，请把填写的内容复制到新表格里，另存为 XLSX。",
    ),
    "big_sheet": (
        "{name} is larger than {limit} MB; split the table into several files.",
        "{name} 超过 {limit} MB，请把表格拆成几个文件。",
    ),
    "many_rows": (
        "{name} has more than {limit} rows; split the table into several files.",
        "{name} 超过 {limit} 行，请把表格拆成几个文件。",
    ),
    "crashed": (
        "{name} could not be read: the reader stopped at it; save it as plain text and load that.",
        "{name} 读取时出错中断，请另存为纯文本再载入。",
    ),
}


class UnreadableFile(Exception):
    """A file that cannot be read: a ``code`` for machines, its ``params``, and one sentence for the person.

    ``str()`` gives the sentence in English, then the same in Chinese.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        if code not in SENTENCES:
            raise ValueError(f"no sentence for {code!r}")
        super().__init__(code)
        self.code = code
        self.params = params

    def sentence(self, language: str) -> str:
        """The sentence in one language: ``en`` or ``zh``."""
        params = dict.fromkeys(("name", "limit", "kind", "pages"), "?") | {
            k: " ".join(str(v).split()) for k, v in self.params.items()
        }
        return SENTENCES[self.code][0 if language == "en" else 1].format(**params)

    def __str__(self) -> str:
        return f"{self.sentence('en')} {self.sentence('zh')}"
