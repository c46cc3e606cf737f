"""What is never asked for or taken in: sensitive traits person by person, and registers of persons.

Luoshi holds no ethnicity, religion, political attitude, health or other sensitive trait of persons, and no register of
residents, of disputes or of persons of interest. One rule decides, for tasks, for indicators and for the columns of tables:

* *What*: a datum (民族成份, 身份证号), a word that is a datum or a theme by its place (民族 alone, not 民族小学), or a
  list (名单, 台账).
* *About whom*: the list names persons (居民名单) or such as are told by a trait or watched (孕妇名单, 重点人员台账).
* *Per person*: the sentence says so (每名, 逐人, 学生的), or an indicator's value is a word, a day, a yes or a choice,
  which can only be one person's. A list is per person in itself; a number of people is not.

In a running text the sentence must also ask for it (报送, 登记, 建立); a title, a single ask and an indicator do so by
being one. Themes, institutions, totals, denials (不得收集) and those who act for an office or are honoured in public
(联系人电话, 先进个人名单) are taken out before the rule looks: the contact of an office is the office's, printed in
every notice. Whole sentences are judged, since a comma parts what belongs together, in one spelling: full width, blanks
within words, hidden characters and traditional characters make no difference.

A list of words is a guard and no proof: who writes around it gets by.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _


def _any(*words: str) -> str:
    """A pattern for any of the words (patterns themselves), which stand between blanks."""
    return "(?:" + "|".join(word for line in words for word in line.split()) + ")"


_HAN = r"[\u3400-\u9fff]"
# The characters of the vocabulary in both scripts.
_TRADITIONAL = str.maketrans(
    "證號單冊賬帳檔數員黨團眾羣訪對態況狀聯繫絡電話機戶殘礙婦產懷診斷檢結傾觀點場師學職幹報統計錄彙匯總採臺個務業講動題傳醫療"
    "歷經濟貧難鄉鎮區縣節進樂館語護權關愛類別屬稱滿維壯錫鮮體種預應與從隊領導責舉辦開條書讀資訊釋紀糾紛調爾衛無為請嚴須寫編"
    "齡婚獄處劃達聖會聽視臉紋參項評獎優範專觸離護間問題紐",
    "证号单册账账档数员党团众群访对态况状联系络电话机户残碍妇产怀诊断检结倾观点场师学职干报统计录汇汇总采台个务业讲动题传医疗"
    "历经济贫难乡镇区县节进乐馆语护权关爱类别属称满维壮锡鲜体种预应与从队领导责举办开条书读资讯释纪纠纷调尔卫无为请严须写编"
    "龄婚狱处划达圣会听视脸纹参项评奖优范专触离护间问题纽",
)

# ---- Who
_PERSON = _any(
    "居民 村民 牧民 农牧民 农民 群众 市民 学生 新生 幼儿 师生 教师 老师 教职工 教职员工 职工 员工 干部 工作人员 党员 团员 人员 家长",
    "监护人 儿童 老人 老年人 妇女 青年 青少年 未成年人 住户 户主 业主 租户 当事人 参与者 参加者 参加人 参与人 志愿者 成员 学员 队员",
    "读者 听众 观众 来访者 来访人 家庭成员 接种者 受种者 (?:参加|服务|接种)对象 个人 本人 农户 牧户 特殊群体",
)
# Told by a trait, or under somebody's eye.
_WATCHED = _any(
    rf"信教的?{_PERSON} 信徒 教徒 信众 僧尼 教职人员 (?:少数民族|[汉蒙回藏维满苗彝壮]族|维吾尔族|蒙古族)的?{_PERSON}",
    rf"(?:民主)?党派(?:成员|人士) 无党派人士 宗教界?人士 入党积极分子 残疾(?:人员|人|儿童|学生|职工|群众|军人) 残障(?:人士|人员|{_PERSON})",
    r"(?:精神|智力|心理|肢体)(?:障碍|残疾|疾病|异常|问题)(?:患者|人员|人群|学生|者|的人)? 精神病(?:人|患者)? 患者 病人 病患 感染者",
    r"(?:密切接触者|密接|确诊病例) 孕妇 孕产妇 产妇 育龄妇女 未(?:接种|打疫苗)的?(?:人员|者|人群|儿童|老人|老年人|对象|学生)",
    r"(?:重点|信访|上访|缠访|闹访|涉访|涉稳|维稳|稳控|管控|矫正|吸毒|戒毒|涉毒|涉邪|邪教|帮教|特殊|特定|刑满释放|刑释|前科|不放心"
    r"|高危|失信|列管|涉军|涉黑)(?:重点)?(?:人员|人群|对象|群体|家庭|户|人|者|群众|老户)",
    "上访户 同性恋者? 流动人口 单亲家庭 离异家庭 服刑人员(?:子女)?",
)
_POOR = _any(
    r"低保(?:户|对象|家庭) 困难(?:群众|户|家庭|职工|学生|党员|老人) (?:脱贫|监测|贫困|五保|特困)(?:户|人口|人员|对象|学生|家庭)",
    "留守(?:儿童|老人|妇女) 孤儿 孤寡老人 失独家庭 独居老人 空巢老人 帮扶户 (?:帮扶|慰问|救助|资助|受助)对象",
)
_DISPUTES = _any("矛盾纠纷 纠纷 信访(?:事项|案件|件)? 上访")
# Who acts for an office, speaks in public or is honoured there.
_OFFICE = _any(
    "联系人 联络员 负责人 负责同志 责任人 经办人 承办人 填报人 填表人 领导小组 工作小组 工作组 专班 组委会 评委 评审 专家 讲师 主讲人",
    "宣讲员 授课人 主持人 嘉宾 领读人 值班 带班 值守 办公室 办公 科室 (?<!工作)单位 部门 咨询 热线 服务 举报 投诉 监督 报名 应急 救援 预约 求助",
    "驻村 包联 包保 网格员 第一书记 参会 参训 与会 获奖 先进 优秀 模范 典型 标兵 表彰 推荐 推选 候选 入选 作者",
)

# ---- What
_NAMES = _any("花名册 点名册 签名册 名册 名单 人名录 姓名表 签到表 签到册 通讯录 造册")
_LEDGER = _any(
    "台账 清单 登记表 登记簿 登记册 信息表 明细表 底数 (?<!健康)档案 信息库 数据库 一人一档 一人一册 一户一档 建档立卡 个人信息 基本信息 详细信息"
)
_CONTACT = _any(
    "联系方式 联系电话 电话(?:号码)? 手机(?:号码|号|(?!应用|软件|端|课|知识|使用)) 微信号? qq号? 邮箱 家庭(?:住址|地址) 居住地址? 现?住址 通讯地址 门牌号"
)
_NUMBER = _any(
    "身份证 居民身份证号? 证件号码? 护照号码? 银行卡号? 社保卡?号 残疾证号 户口[本簿号] 公民身份号码 人脸(?:照片|信息) 指纹"
)
_DATUM = _any(
    "民族(?:成分|类别|身份|属性|情况) 族别 族属 族籍 所属民族 何种?民族 哪个民族 什么民族",
    "(?:宗教|信教)(?:信仰|倾向|背景|身份|情况|派别) 信仰(?:情况|状况|何教|什么) (?:是否|有无)信教 信教(?:情况|与否|状况) 信奉 信佛 信耶稣 信基督 信天主 信伊斯兰 信什么教",
    "教派 做礼拜",
    "政治(?:面貌|态度|立场|倾向|表现|观点|信仰|身份|背景|审查) 思想(?:动态|状况|倾向|表现|情况) 意识形态倾向 党籍 (?<!民主)党派 党团员?身份",
    "入党(?:时间|日期|年月|介绍人) 党员身份",
    "健康(?:状况|情况|状态|信息|档案|史|码) 身体(?:状况|情况|条件) 病史 病历 病情 疾病史 既往病 基础疾病 患病 患有 生病 得病 病名 确诊",
    "诊断(?:结果|证明|书) 传染病(?:史|感染) 感染情况 体检(?:结果|报告|指标|异常) (?:检测|检查|筛查|化验|核酸)结果 孕检 孕期 孕周 怀孕 妊娠 婚育(?:情况|状况|史)",
    "婚姻(?:状况|情况|史)",
    "生育(?:情况|状况|史) 避孕 残疾(?:类别|类型|等级|情况|程度|状况|与否) 精神(?:状况|障碍) 心理(?:状况|测评|评估|测试|问题)",
    "心理健康(?:状况|水平|档案) (?:艾滋病?|乙肝|hiv|抑郁症?)(?:感染|情况|史|阳性|与否) 性取向 (?:犯罪|违法)(?:记录|史|情况) 前科 服刑(?:情况|经历)",
    "吸毒(?:史|情况|与否) 家庭(?:成员|情况|背景|收入)",
    "家族成员 社会关系 海外关系 工资收入 信用(?:记录|分) 生物特征 血型",
)
_PLAIN = _any("姓名 名字 实名 出生(?:日期|年月|时间) 生日 户籍")
# Data where they stand alone, themes where more follows.
_BARE = _any(
    "民族 宗教 信仰 族 健康 疾病 残疾 残障 孕 党员 团员 中共党员 少数民族 性别 年龄 籍贯 民主党派 态度 看法 立场 观点 信教 邪教 已婚 婚否 离异 吸毒 服刑 微信 学历 文化程度 职业",
    "电话 手机 低保 上访 信访人 参加者 汉族 蒙古族 回族",
)
_THEMES = _any("民族 宗教 健康 疾病 残疾 残障 孕 (?<!宗教)信仰 少数民族 疫病 心理", _WATCHED, _POOR)
_EVENT = _any(
    "讲座 活动 宣传 宣讲 教育 培训 知识 政策 理论 工作 服务 咨询 义诊 体检 筛查 小学 中学 学校 幼儿园 大学 学院 医院 中心 社区 地区 团结",
    "进步 文化 艺术 服饰 特色 风情 美食 体育 运动 传统 节目 题材 主题 事务 联合会 协会 场所 团体 法规 法律 条例 保护 保障 权益 关爱 慰问",
    "走访 看望 康复 就业 创业 无障碍 设施 通道 接种 疫苗 促进 科普 中国 小屋 步道 食堂 饮食 管理 防治 防控 预防 救助 家园 关系 精神 复兴",
    "企业 品牌 产业 经济 村寨 语言 文字 古籍 博物馆 课程 课 日报 领域 部门 单位 人数 人次 户数 比例 占比 总数 数量 件数 场次 次数 联 率",
)
_EVENT_NEXT = "[跑走操日月周节局委村乡镇县旗州厅处校班歌舞乐馆戏剧史观魂风]"
_ITS_TOPIC = _any(
    "自由 讲座 宣传 知识 科普 课程 宣讲 政策 教育 培训 预防 防治 阳性率 分析 调研 人数 人次 比例 占比 总数 户数 率"
)

# ---- Asked for, and person by person
_GIVEN = re.compile(
    _any(
        "报送 上报 填报 报告 报给 报至 登记 统计 收集 采集 汇总 建立 建好 建档 排查 摸排 摸清 摸底 提供 录入 填写 填入 注明 标明 列出 列明",
        "提交 整理 编制 形成 制作 更新 完善 留存 存档 备案 造册 [漏瞒迟补]报 移交 交至 发至 发送 附(?!近) 上传",
    )
    + r"|\b(?:report|submit|list|register|record|collect|provide|send|state|fill|compile|gather|enter|keep|upload|note"
    r"|give|attach|hand|maintain|create|set up|include|indicate)(?:s|ed|ing)?\b",
    re.ASCII,
)
_HANDED = _any("报送 上报 填报 登记 统计 收集 采集 汇总 排查 摸排 摸清 摸底 提供 录入 填写 注明 列出 提交")
_EACH = re.compile(
    rf"每一?[名位]|每个?(?:人|{_PERSON})|逐[人个户名位]|逐一(?:登记|填报|上报|报送|统计|录入|建档)|[人各]人(?!数|次|员|均)|按人(?!数|次)|一人一|实名"
    r"|\b(?:by name|per (?:person|head|capita|participant)|person by person|individually|individual)\b"
    r"|\b(?:each|every)(?: \w+)? (?:person|participant|resident|student|pupil|teacher|employee|worker|member|villager"
    r"|patient|child|parent|individual|cadre|official|one)\b",
    re.ASCII,
)

# ---- English
_PERSONS_EN = (
    r"(?:(?:all|the|each|every|our|any|individual|local|registered|participating) ){0,3}"
    r"(?:persons?|people|participants?|attendees?|residents?|villagers?|citizens?|students?|pupils?|teachers?|staff"
    r"|employees?|workers?|members?|cadres?|officials?|parents?|child(?:ren)?|households?|individuals?|volunteers?"
    r"|patients?|petitioners?|believers?|worshippers?|disabled|pregnant|drug|key|persons of interest|dissidents?"
    r"|party members?|ex-offenders?|ethnic minorit(?:y|ies)|minorities|elderly|respondents?|recipients?)"
)
_DATUM_EN = (
    r"\b(?:ethnicit(?:y|ies)|ethnic (?:group|origin|background|identity)s?|racial origin|religious"
    r" (?:beliefs?|affiliations?|background|faith|denomination|views?)|political (?:affiliations?|views?|opinions?"
    r"|attitudes?|leanings?|stances?|outlook|status|orientation)|party (?:affiliations?|memberships?)"
    r"|health (?:status|conditions?|records?|information|state)|medical (?:history|histories|records?|conditions?)"
    r"|diagnos[ei]s|pregnancy|pregnancies|pregnant|disability (?:status|type|grade)s?|sexual orientation"
    r"|criminal records?|mental (?:illness|disorder|state)(?:es|s)?|blood type|marital status|hiv|test results?"
    r"|(?:home|residential) address(?:es)?|dates? of birth)\b"
)
_BARE_EN = (
    r"(?:ethnicity|religions?|faith|race|creed|nationality|beliefs?|health|disability|disabilities|disabled|illness(?:es)?"
    r"|diseases?|party|party member|religious|pregnant|muslim|buddhist|christian|believer|(?:full |first |last |family )?names?"
    r"|(?:tele|mobile )?phones?(?: numbers?)?|mobile(?: numbers?)?|telephone numbers?|contact (?:details|data|information)"
    r"|e-?mail(?: address(?:es)?)?|gender|sex|age|opinions?|attitudes?|wechat)"
)
_NUMBER_EN = (
    r"\b(?:(?:national )?id(?:entity)?(?: card)? (?:numbers?|nos?\b)|id cards?|identity cards?|passport numbers?"
    r"|social security numbers?)"
)
_LIST_EN = r"(?:lists?|registers?|rosters?|ledgers?|registry|registries|files?|database|directory|names|name lists?)"
_REGISTER_EN = (
    rf"\b{_LIST_EN}(?: of)?(?: the)?(?: names of)? {_PERSONS_EN}\b(?! (?:schools?|units?|companies|towns?|villages?|communit\w+"
    r"|events?|activit\w+|organi[sz]ations?|libraries|clubs?|questions|points|tasks|services))"
    rf"|\b{_PERSONS_EN}(?:'s?|s')? (?:names?|name )?{_LIST_EN}\b"
    rf"|\b(?:phone numbers?|phones|contact (?:details|data|information)|addresses|e-?mails?) of {_PERSONS_EN}\b"
    rf"|\b{_PERSONS_EN}(?:'s?|s')? (?:phone numbers?|contact (?:details|data|information)|addresses)\b"
)

# ---- What is taken out before the rule looks
_NO = _any("不得 不要 不准 不许 严禁 禁止 请勿 切勿 无需 无须 不必 不需要? 不用 不再 不应 不可 避免 杜绝 防止")
_ASIDE = re.compile(
    # denials, but for those that deny leaving it out: 不得漏报
    rf"{_NO}[^,。、漏迟晚瞒错少缺忘虚谎拒仅只后不]{{0,8}}?(?:报送|上报|填报|登记|统计|收集|采集|汇总|建立|提供|录入|填写?"
    r"|报|写|附|涉及|包含|含|公开|泄露|公布|留存|索要|询问|查问|出现|透露)[^,。]*"
    r"|不(?:报送?|填报?|收集|采集|登记|统计|涉及|包?含|出现|公开|留存|提供)[^,。]*"
    r"|(?:隐去|删去|删除|去除|遮盖|脱敏)[^,。]*"
    r"|\b(?:do not|don't|never|must not|may not|without|not to|no need to|shall not|should not)\b"
    r"(?!(?: \w+){0,3} (?:forget|omit|fail|delay|leave|miss))[^,.]*"
    # a list that is used and not asked for
    rf"|(?:根据|按照|依照|对照|依据|参照|符合)(?:(?!{_HANDED}|建立)[^,。]){{0,40}}?(?:{_NAMES}|{_LEDGER})"
    # what a person is called to have, not what he is asked about
    r"|(?:坚定|坚守|站稳|树立|增强|提高|强化|端正|筑牢|牢固|把准)[^,。]{0,8}(?:政治立场|理想信念|信仰|立场|态度|观点)"
    r"|(?:服务|工作|学习|生活)态度|各民族|各族|中华民族|多民族|民族团结"
    # an office and those in public
    rf"|{_OFFICE}(?:(?!群众|居民|村民|患者|听众|残疾|信教|信访|孕|重点人){_HAN}){{0,6}}?(?:{_NAMES}|姓名|名字|{_CONTACT})"
    rf"(?:[、,和及与]?(?:姓名|性别|职务|单位|{_CONTACT}))*"
    r"|\b(?:contact|contact person|office|hotline|speaker|winner|author|unit|school|company|duty|focal point)(?:'s)?s?"
    r" (?:names?|phones?|phone numbers?|telephone numbers?|numbers?|e-?mails?|lists?|addresses)\b",
    re.ASCII,
)
_ASIDE_THEMES = re.compile(
    # what is a datum is none of the themes, whatever follows
    rf"(?!{_DATUM}(?!{_HAN}{{0,3}}{_ITS_TOPIC})){_THEMES}"
    rf"(?:[、和与及]{_HAN}{{1,4}}(?=[、和与及]|{_EVENT})){{0,4}}"
    rf"(?:(?!{_NAMES}|{_LEDGER}|{_NUMBER}|{_HANDED}|情况|状况|信仰|面貌|姓名){_HAN}){{0,6}}?"
    rf"{_EVENT}(?!{_HAN}{{0,4}}(?:{_NAMES}|{_LEDGER}))|{_THEMES}{_EVENT_NEXT}"
)

# ---- The rule's parts
_NOT_PERSONS = _any(
    "单位 学校 大学 企业 社区 项目 作品 队 组织 机构 基地 书 读物 社团 场所 村 点 室 家园 协会 活动 食堂 之家 品牌 课程 会议"
)
_NOT_WHO = _any(
    "需求 心愿 隐患 问题 政策 项目 物资 任务 整改 工作 走访 慰问 服务 活动 场所 培训 会议 岗位 责任 课程 书 读物 装备 设施 权力 职责"
)
_TOLD = f"(?:{_WATCHED}|{_DATUM}|{_PLAIN}|{_NUMBER}|{_DISPUTES})"
_REGISTER = re.compile(
    rf"{_TOLD}(?:(?!需求|心愿|隐患|政策|项目|物资){_HAN}){{0,8}}?(?:{_NAMES}|{_LEDGER})"
    rf"|(?:{_PERSON}|{_POOR})(?:(?!{_NOT_PERSONS}){_HAN}){{0,8}}?{_NAMES}"
    rf"|(?:{_PERSON}|{_POOR})(?:(?!{_NOT_WHO}){_HAN}){{0,4}}?{_LEDGER}(?!保护|安全)"
    rf"|(?:{_WATCHED}|{_DISPUTES})(?:情况|底数)?,{_HAN}{{0,4}}?"
    rf"(?:登记造册|(?:建立|形成|完善)(?:工作)?(?:台账|清单)|建档|造册)"
    rf"|{_WATCHED}[^。]{{0,10}}?逐[一人户名](?:建档|登记|造册)"
    rf"|(?:登记|填报|录入|采集|摸排|上报)(?:{_WATCHED}|{_POOR})(?:信息|姓名)?(?=$|[,、)])"
    rf"|(?:{_PERSON}|{_WATCHED}|{_POOR})的?(?:(?![拨打来]){_HAN}){{0,6}}?(?:姓名|名字|{_CONTACT})"
    rf"|{_NUMBER}|花名册|一人一[档册]|{_REGISTER_EN}|{_NUMBER_EN}",
    re.ASCII,
)
_TOPIC_EN = (
    r"(?! (?:lectures?|talks?|trainings?|education|campaigns?|days?|weeks?|posters?|desks?|sessions?|materials?"
    r"|leaflets?|courses?))"
)
_DATA = re.compile(
    rf"(?:{_DATUM}|{_PLAIN})(?!{_HAN}{{0,3}}{_ITS_TOPIC})|{_DATUM_EN}{_TOPIC_EN}",
    re.ASCII,
)
_SUFFIX = _any("情况 倾向 状况 类别 类型 种类 身份 名称 信息 资料 与否 代码 编号 号码 结果 等 如何 吗")
# A bare word in the place of a datum: 的民族、 and not 的民族小学
_PLACED = (
    rf"(?:(?<=[、,:(/的和与及])|(?<={_HAN}{{2}}))(?:民族|宗教|信仰|族|疾病|残疾|少数民族){_SUFFIX}?(?=$|[、,)/。]|[和与及])"
    r"|\b(?:ethnicity|religions?|creed|disabilit(?:y|ies)|gender|illness(?:es)?|diseases?)\b"
    r"(?! \w*(?:lecture|work|affairs|awareness))"
)
_VIEWS = rf"{_PERSON}对[^,。]{{1,12}}?的(?:看法|态度|立场|观点)"
_TRAIT = re.compile(
    rf"{_DATA.pattern}|{_PLACED}|{_VIEWS}|{_NUMBER}|联系方式|手机号|电话号码|微信号|家庭[住地]址|{_NUMBER_EN}"
    r"|\bis (?:religious|pregnant|disabled|(?:a )?(?:party member|muslim|buddhist|christian|believer))\b"
    r"|\b(?:names?|phone numbers?|home address(?:es)?)\b(?! of (?:the )?(?:event|activit|school|unit))",
    re.ASCII,
)
_COLUMN = f"(?:{_DATUM}|{_PLAIN}|{_NUMBER}|{_CONTACT}|民族|宗教|年龄|性别|职务|籍贯)"
_OF = re.compile(
    rf"{_HANDED}[^,。]{{0,30}}?{_PERSON}的?{_HAN}{{0,4}}?(?:{_DATA.pattern}|{_PLACED})"
    rf"|{_PERSON}的?{_HAN}{{0,4}}?(?:{_DATA.pattern}|{_PLACED})[^,。]{{0,8}}?{_HANDED}"
    rf"|{_HANDED}[^,。]{{0,10}}?{_VIEWS}|{_VIEWS}[^,。]{{0,8}}?{_HANDED}"
    # two data in a row are the columns of a list of persons
    rf"|{_HANDED}[^,。]{{0,20}}?(?:{_COLUMN}、(?:{_PLAIN}|{_DATUM})|(?:{_PLAIN}|{_DATUM})、{_COLUMN})"
    rf"|(?:{_DATUM_EN}|{_PLACED}) (?:of|for) {_PERSONS_EN}\b|\b{_PERSONS_EN}(?:'s?|s')? (?:{_DATUM_EN}|{_PLACED})",
    re.ASCII,
)
_SCORED = re.compile(
    rf"(?:{_DATUM}|态度){_HAN}{{0,4}}?(?:得分|评分|分数|打分|等级|排名|分值)|^(?:{_CONTACT}|电话|手机)$|score of .*(?:attitude|opinion)"
)
_BEFORE = _any(
    "是否 有无 是不是 所属 所在 所信 何种 哪种 哪一 什么 家中 家里 患 填写 参加 签到 属于 已 有 是 为 属 的", _PERSON
)
_ALONE = re.compile(
    rf"{_BEFORE}*(?:{_BARE}|{_DATUM}|{_PLAIN}|{_CONTACT}|{_WATCHED}|{_POOR}|{_NAMES}|{_PERSON}(?:基本|详细|家庭|身份)?信息)+{_SUFFIX}*\??"
    r"|(?:是否)?(?:已|完成|全程)*接种(?:疫苗|情况|与否)?\??"
    rf"|(?:is |has |are you |which |what |any |the |{_PERSONS_EN}(?:'s?|s')? ){{0,3}}(?:a )?{_BARE_EN}(?: (?:or|and) {_BARE_EN})*(?: status)?"
    rf"(?: (?:of|for) {_PERSONS_EN})?\??",
    re.ASCII,
)
_ABOUT = re.compile(r"对.+(?:看法|态度|立场|观点)$|^(?:views?|opinions?|attitudes?) (?:on|of|about|towards?) ")
_TOTAL = re.compile(
    r"(?:人数|人次|次数|场次|件数|户数|份数|总数|数量|(?<!底)数|率|占比|比例)(?:\(.*\))?$|^(?:total |number|count|how many|share)"
)
_PIECES = re.compile(rf"[、,/|;:()\[\]+]+|(?<={_HAN})\s+|\s+(?={_HAN})")
_NATIONS = _any(
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬",
    "羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺",
)
# One such choice says enough; of the others it takes two.
_TELLING = re.compile(
    rf"(?!水族){_NATIONS}族|少数民族|(?:中共)?(?:预备)?党员|(?:共青)?团员|民主党派.*|无党派.*|(?:不|无|未)?(?:信教|信仰|宗教).*"
    r"|信.{1,4}教|(?:佛|道|伊斯兰|天主|基督|东正)教.*|(?:无|有|非|轻度|重度)?残疾.*|(?:未|已)?(?:患病|怀孕|孕).*|(?:刑满释放|吸毒|信访|上访).*"
    r"|(?:han|hui|mongol(?:ian)?|tibetan|uyghur|kazakh|manchu|zhuang)(?: chinese| nationality)?|ethnic minority|(?:ccp |party )members?"
    r"|muslim|buddhist|christian|catholic|protestant|taoist|hindu|jewish|islam|buddhism|christianity|atheist|pregnant|disabled"
)
_HINTING = re.compile(
    rf"{_NATIONS}|.{{1,4}}族|蒙|维|群众|健康|亚健康|生病|(?:不)?(?:支持|反对|赞成|拥护)|中立|弃权|无神论|healthy|ill|sick|support|oppose|neutral"
    r"|against|in favou?r|for"
)
# Whom an activity is for, and what is shown there.
_AUDIENCE = re.compile(
    r".*(?:活动|宣讲|参加|参与|覆盖|主要|面向|受益|宣传)(?:对象|人群|群体)|.*(?:受众|观众|服饰|歌舞|节目|作品|美食|语言|语种|文字|展品|展区|非遗项目|audience)"
)
_SENTENCES = re.compile(r"(?:[^。；！？;!?.]|(?<=\d)\.|\.(?!\s|$))+")
_BLANKS = re.compile(rf"(?<={_HAN})\s+(?={_HAN})|(?<=[、,。:()])\s+|\s+(?=[、,。:()])")


def sensitive_column(name: str) -> str | None:
    """Why a table of people or units with a column of this name is not taken, as a sentence; None where it is."""
    if not asked_of_person(name, given=True, each=True):
        return None
    return _(
        "表里有“%(column)s”一列。系统不收集个人的民族、宗教、政治面貌、健康、证件号码等信息，整个文件没有导入。请删去这一列再导入。"
    ) % {"column": name}


def first_asked(text: str, *, given: bool = False) -> str | None:
    """The first sentence, as it was written, that asks for data of single persons."""
    sentences = (found.group().strip() for found in _SENTENCES.finditer(text))
    return next((sentence for sentence in sentences if asked_of_person(sentence, given=given)), None)


def asked_of_person(text: str, *, given: bool, each: bool | None = None) -> bool:
    """Whether a text asks for data of single persons. ``given``: it is a thing to hand in and needs no verb; ``each``:
    what is handed in is one value, of one person (True) or a number (False); None for a running text.
    """
    plain = _ASIDE_THEMES.sub("※", _ASIDE.sub("※", _normal(text)))
    if each is not None and _TOTAL.search(plain) and not _EACH.search(plain):
        return False
    if (given or _GIVEN.search(plain)) and (_REGISTER.search(plain) or (_EACH.search(plain) and _TRAIT.search(plain))):
        return True
    if each is None:
        return _OF.search(plain) is not None
    if not each:
        return _SCORED.search(plain) is not None
    alone = any(_ALONE.fullmatch(piece) for piece in _PIECES.split(plain))
    return alone or any(pattern.search(plain) for pattern in (_DATA, _ABOUT))


def traits_to_choose(name: str, choices: Sequence[str]) -> bool:
    """Whether the choices are traits of a person, whatever the indicator is called."""
    if _AUDIENCE.fullmatch(_normal(name)):
        return False
    plain = [_normal(choice) for choice in choices]
    telling = any(_TELLING.fullmatch(choice) for choice in plain)
    return telling or sum(bool(_HINTING.fullmatch(choice)) for choice in plain) > 1


def _normal(text: str) -> str:
    """A text in the one spelling that the vocabulary is written in."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(c for c in folded if unicodedata.category(c) != "Cf").translate(_TRADITIONAL)
    return _BLANKS.sub("", " ".join(shown.replace("’", "'").split())).replace("成份", "成分")
