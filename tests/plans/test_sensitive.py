"""What a plan never asks for, and what it may: one table for tasks and for indicators."""

from __future__ import annotations

import pytest

from luoshi.orgs.refusals import Refused
from luoshi.plans.distribution import Choice, obstacles
from luoshi.plans.indicators import add_indicator
from luoshi.plans.issuing import issue
from luoshi.plans.models import Task
from luoshi.plans.sensitive import sensitive_ask, sensitive_indicator
from tests.cast import EVERY_KIND, Cast, reading_month


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


# Refused as a text to fill in, as a task's ask, and in a sentence that asks for it.
LISTS = _lines("""
居民身份证号名册
重点人员台账
信访人员台账
孕妇名单
孕产妇花名册
精神障碍人员名单
参加人员名单
居民花名册
住户登记表
信教群众名单
残疾儿童名册
少数民族学生名单
蒙古族职工名单
社区矫正对象清单
吸毒人员底数
上访户台账
矛盾纠纷台账
低保对象名册
留守儿童信息表
刑满释放人员名册
未接种人员名单
患者登记簿
确诊病例名单
党员花名册
民主党派成员名单
家长联系方式
居民电话
志愿者姓名和手机号
村民家庭住址
学生通讯录
职工健康状况登记表
教师政治面貌台账
流动人口台账
困难职工名单
参赛学生签到表
重 点 人 员 台 账
孕 妇 名单
重点\u200b人员名单
孕婦名單
信訪人員臺賬
居民身份證號
精神障礙人員名冊
ＩＤ card numbers of residents
list of participants
names of pregnant women
Register of residents
ledger of petitioners
roster of party members
Names of patients
participants' phone numbers
list of persons of interest
""")

# Refused as a text to fill in; in a sentence they would want a person beside them.
DATA = _lines("""
姓名
名单
花名册
族别
民族
民 族
民\u3000族
民族成份
所属民族
民族/宗教
姓名、民族、年龄
学生的民族
参加人员的宗教
宗教
宗教信仰
宗教信仰情况
是否信佛
是否信教
政治表现
政治面貌
政治面貌（党员/群众）
是否党员
思想动态
联系方式
电话
手机号码
性别
出生年月
健康
健康情况
学生健康状况
体检结果
怀孕情况
是否怀孕
是否患病
是否残疾
残疾类别
精神状况
婚姻状况
家庭成员
犯罪记录
性取向
血型
身份证
身份证号
孕妇
信访人员
精神障碍人员
是否接种疫苗
对政策的看法
居民对改革的态度
政治態度
宗教信仰狀況
黨派
Ethnicity
ETHNIC GROUP
Ｒｅｌｉｇｉｏｎ
Religion of participant
Participant's religion
Religious belief
Political affiliation
Party membership
Health status
Medical history
Is pregnant
Disability
Name
Full name
Phone number
Contact details
ID number
Home address
Opinion on the reform
家中是否有残疾人
属于哪一族
入党年月
观点倾向
Which religion
监护人手机
参加者民族
家长姓名
信教与否
所信宗教
是否少数民族
民族（汉/蒙/回）
参加人员姓名
党员身份
患何种疾病
既往病史
是否上访
本人电话
居民住址
户籍地址
参会群众名单
是不是党员
所属党派
信仰
群众思想动态
残疾证号
是否孕妇
是否吸毒
是否信教群众
是否低保户
健康码颜色
身份证号码后四位
微信
出生日期
年龄
婚否
病名
ethnic background
Participant ethnicity
Are you religious?
Religious affiliation of staff
Party member?
Patient name
Names of participants
Mobile
Email
Resident ID number
Disability type
Political views
Sexual orientation
是哪个民族
职工民族
信仰什么宗教
宗教信仰（有/无）
教职工政治面貌
被访人姓名
帮扶对象姓名
受助人姓名
慰问对象名单
残疾人姓名
孕产妇姓名及电话
病人姓名
学生家庭情况
民族，宗教
居民身份信息
签到名册
工资收入
文化程度
Faith
Nationality
Race
Attendee names
Phone
Is the person disabled
Health condition
Residents' addresses
""")

ASKED = _lines("""
报送每名干部的民族、宗教信仰和健康状况
建立信教群众名单台账
统计学生的民族成份
开展读书活动，摸清残疾人员底数并登记。
逐人填报政治面貌
请报送每名党员的党派
逐人登记教师宗教倾向
报送工作人员健康状况，逐人登记
报送 工作人员 健康 状况， 逐人 登记
統計學生的民族成份
請報送每名黨員的黨派
活动结束后，请将参加者姓名、身份证号一并报送。
整理孕妇名单，于9月28日前上报。
全面排查重点人员，建立台账，落实包保责任。
对教师宗教信仰进行登记
汇总每位村民的患病情况
逐户登记残疾人姓名
做到一人一档，登记学生民族、家庭成员情况
不得漏报孕妇名单
不要忘记报送信访人员台账
不得迟于9月1日报送重点人员名册
按照要求报送孕妇名单
报送每名学生的族别
各学校统计少数民族学生名单，附照片
收集居民的政治态度
收集群众对政策的态度，逐人记录并报送
每名职工填报性别、民族、政治面貌
登记读者身份证号码
举办健康讲座，收集每名听众的病史
对精神障碍患者逐一登记，建立台账
Report the ethnicity of each participant.
Submit a list of residents by 28 September.
Please collect every teacher's religious belief
Record the health status of all staff
Keep a register of petitioners
List the names of pregnant women in the village.
Send the political views of each employee
Provide ID card numbers for all volunteers
Report for each person the religion and party membership
Do not forget to submit the list of patients.
请各村上报精神病患者花名册
摸清本辖区信教人员情况，形成台账
对涉访重点人员登记造册
各单位报送职工民族构成明细表（含姓名）
请附参加活动人员的签到表
各校报送学生家长的工作单位和手机号码
统计每名群众的宗教信仰
报送干部职工政治面貌统计表
请逐人填写健康状况
建立重点人群台账
汇总上访群众名单
建立纠纷当事人档案
报送参加义诊的患者名单及病情
为每名学生建立心理档案并上报
排查有信教倾向的学生，逐一登记
报送残疾人基本信息
统计教职工入党时间
请提供接种疫苗人员名单
报送全体教师花名册
填报少数民族干部登记表
记录每位居民对政策的态度并上报
登记每个居民是否信教
上报流动党员名册
采集居民指纹和人脸信息
报送听众姓名、年龄、民族、联系方式
将参加人员按民族、姓名列表报送
报送艾滋病感染者名单
报送离异家庭学生名单
对每一名留守儿童登记健康状况
报送本村老年人名单及电话
建立矛盾纠纷排查化解台账
报送各族学生花名册
请报送参加人员民族成分情况
每名教师需填报是否信教
Submit the roster of students with their ethnicity.
Record whether each resident is religious.
Report residents' political opinions.
Send us a name list of all attendees.
For every participant, state ethnicity and age.
Compile a database of patients
Collect medical records of pupils
报送村内癫痫病人情况登记表
每位老师的宗教信仰要如实填报
建立邪教人员信息库
请将群众身份证复印件一并上报
对全镇吸毒人员进行摸底，逐人建档
报送残疾学生花名册
报送党员基本信息表
统计居家老人姓名、住址、电话
汇总职工思想动态
报送参加讲座的孕产妇姓名
排查不放心人员，形成清单
按户登记居民民族
报送家庭医生签约居民名单
请列出所有信访人的姓名和诉求
对非正常上访人员逐一建档
逐一登记参加者的身份证号码
提供员工病假诊断证明
各班填报学生既往病史
建立宗教教职人员档案
报送宗教界人士名单
每位职工如实填写政治面貌、宗教信仰
填写志愿者健康情况
上报参加培训的教师名单
Provide the names and phone numbers of participants
Submit a register of drug users
Report employees' party membership
Collect the religion of every household
Record pregnancies by name
""")

# Harmless as an indicator of any kind and in a sentence that asks for it.
THINGS = _lines("""
民族小学名称
民族团结活动主题
民族团结宣传形式
民族团结进步示范单位名单
民族服饰展示地点
民族政策宣讲日期
各民族交流活动名称
是否举办健康体检
健康跑日期
健康讲座主题
健康知识宣传栏位置
孕产妇讲座日期
残疾人运动会名称
残疾人就业服务站地址
疫苗接种点名称
接种人数
接种任务完成情况
残疾人参加人数
少数民族群众参加人数
信教群众参加人数
党员人数
困难群众走访户数
患者满意率
信访工作培训日期
信访接待日活动主题
宗教政策宣讲地点
宗教场所消防检查日期
心理健康讲座主题
党员活动室地址
党员志愿服务队名称
活动名称
活动地点
活动主题
联系人
联系人电话
办公室电话
值班电话
填报人姓名及联系电话
主讲人姓名
领导小组成员名单
获奖作品名单
先进单位名单
先进个人名单
推荐书目名单
隐患台账
整改清单
微心愿清单
读书角数量
是否设立读书角
经验做法
问题和建议
服务态度改进措施
病虫害防治措施
书名
Number of participants
Health lecture topic
Ethnic primary school name
Ethnic unity activities
Date of the health run
Contact person's phone
Office phone number
Vaccinated people, total number
Name of the school
List of participating schools
Religious affairs training date
Disability awareness day
Activity title
""")

NOTICES = _lines("""
开展民族团结宣传，报送活动总结。
依法排查化解矛盾纠纷
为残疾人送书上门，每人一本。
报送每场活动的参加人数
宣传健康知识，每村举办一场讲座
各单位要围绕读书月主题，至少组织一次集体阅读活动。
每所学校建立一个班级图书角，每名学生每学期读两本好书，并报送读书心得一篇。
请于9月28日前报送读书月活动总结和图片。
鼓励每名教师推荐一本好书，汇总后形成推荐书目。
组织老年人、残疾人走进图书馆，感受阅读的快乐。
统计本单位借阅图书数量和参加人次，并填报活动统计表。
评选一批优秀读者，报送先进个人名单。
报送领读活动的时间、地点和联系人电话。
请各校填报负责人姓名、职务和联系电话。
在民族中学举办经典诵读比赛，报送比赛成绩。
全面排查安全隐患，建立隐患台账，逐项整改销号。
每名职工参加一次应急演练，并登记演练次数。
对人员密集场所开展消防检查，建立问题清单。
各企业主要负责人每季度带队检查，报送检查记录。
开展职工安全培训，建立培训台账。
落实每一名从业人员的安全生产责任，健全责任清单。
报送值班人员名单和值班电话。
加强职工职业健康宣传，报送宣传场次。
开展全员安全承诺，做到人人知晓、人人参与。
报送特种设备登记情况。
利用宣传栏普及健康知识，提高群众自我防护能力。
做好疫苗接种宣传，每日上报接种人数。
设置接种点，公布接种点地址和咨询电话。
接种前认真询问健康状况，做好预检分诊。
为65岁以上老年人免费体检，报送体检人数。
重点人群接种率达到90%以上，每周汇总接种进度。
接种单位要登记疫苗批号和库存数量。
开展孕产妇健康讲座，每季度报送一次活动情况。
按比例统计各年龄段接种人次，不得报送姓名。
对老年人、患有慢性病人员开展上门服务。
在校园开展传染病防控知识宣传，报送宣传材料。
做好接种异常反应的应急处置，报送处置预案。
深入开展民族团结进步宣传教育，报送工作总结。
各族干部群众共同参加，统计参加人数。
每名党员干部讲好一个民族团结故事，并报送视频。
开展民族政策、宗教政策和法律法规学习，每名干部撰写心得并提交。
举办民族歌舞展演，汇总节目单。
组织各民族学生开展手拉手活动，报送活动照片。
引导教师坚定政治立场，每名教师提交学习体会。
依法管理宗教事务，报送宗教场所安全检查情况。
推荐民族团结进步模范个人，报送推荐名单。
在少数民族聚居村开展普法宣传，登记宣传场次。
命名一批民族团结示范单位，公布单位名单。
开展信访接待日活动，领导干部到场接访。
报送信访工作总结。
依法及时就地解决群众合理诉求，报送办结件数。
组织信访工作人员培训，报送培训课程。
畅通信访渠道，公布投诉电话和邮箱。
统计信访事项办结率，每月上报。
开展信访条例宣传，每村张贴一份海报。
逐户走访困难群众，送去慰问品，报送走访情况。
报送慰问困难群众户数和慰问金总数。
每名干部联系一户困难家庭，帮助解决实际问题，报送办实事件数。
走访慰问残疾人家庭，报送活动图片。
对照脱贫户名单开展走访，报送走访次数。
汇总困难群众需求清单，帮助实现微心愿。
组织医疗队到民族乡开展义诊，统计义诊人次。
为留守儿童开展暑期课堂，报送课程安排。
帮助残疾人就业创业，报送就业岗位数量。
不得收集学生的民族、宗教信仰等个人信息。
只报人数，不报姓名。
报送活动情况，不要附参加人员名单。
严禁登记居民身份证号。
照片上传前隐去学生姓名和联系方式。
不收集個人健康狀況，只統計參加人數。
加强居民个人信息保护，报送检查情况。
完善健康档案管理，提高服务水平。
为辖区居民建立健康档案，提高签约服务水平。
Report the number of participants.
Each school organises one lecture on health and reports its date.
Submit a summary of the ethnic unity month with pictures.
Do not collect the names or religion of participants.
Report the number of people vaccinated each week.
Every teacher recommends one book; submit the book list.
Send the phone number of the contact person.
Visit every household in need and report the number of visits.
List the schools that took part.
组织观看爱国主义影片，报送观影人次。
每名志愿者服务不少于两小时，统计服务总时长。
建立志愿服务项目台账，每月更新。
为村民发放宣传册，登记发放数量。
举办民族体育运动会，报送竞赛规程和成绩册。
各民族中小学开展诵读活动，报送视频。
请将活动方案、总结、照片报送至邮箱，联系电话：0471-1234567。
各单位要明确一名联络员，报送联络员姓名、职务和手机号。
报送先进集体和先进个人推荐表。
建立健全信访工作责任制，报送制度文件。
认真接待来访群众，及时登记信访事项办理结果。
开展矛盾纠纷大排查大化解活动，报送化解件数。
走访慰问困难党员和老党员，报送走访情况。
为脱贫户送技术，统计培训期数。
建立防返贫监测机制，报送工作进展。
开展消防安全宣传，每个家庭发一份明白纸，报送发放份数。
各学校建立晨检制度，报送晨检率。
对接种人员做好留观，统计接种剂次。
汇总各接种点疫苗使用情况。
加强心理健康教育，每班开设一节课，报送课时数。
建立企业安全生产档案，整理归档。
完善设施设备登记表，落实专人管理。
对老旧小区电梯逐一登记，建立台账。
开展爱眼日活动，为学生检查视力，统计检查人数。
每位领导干部讲一次党课，报送讲稿题目。
报送党员干部参加志愿服务人次。
组织党员学习，建立学习台账。
开展残疾人文化周活动，报送活动总结。
加强残疾预防知识宣传，登记宣传场次。
报送重点项目名单和重点企业清单。
推荐阅读书单，形成家庭阅读清单。
在宗教活动场所开展消防演练，报送演练次数。
关注老年人健康，开展健康义诊活动，报送义诊场次。
摸排辖区危险化学品企业底数，建立清单。
评选“书香家庭”，报送推荐名单。
选派选手参赛，报送参赛队名单。
各校报送教师培训计划。
建立健全居民公约，报送公约文本。
开展“健康家庭”评选，报送获奖家庭数量。
开展民族团结一家亲结对活动，报送结对户数。
组织各族群众代表座谈，登记座谈会场次。
做好学生近视防控，提交防控方案。
加强网格员队伍建设，报送网格员名单。
每名党员认领一个微心愿，汇总完成情况。
为患者提供便民服务，报送服务项目清单。
支持少数民族传统手工艺，建立项目名录。
Organise a vaccination drive and report the total number vaccinated.
Every school submits one summary.
Report the list of schools and the number of pupils.
Hold an ethnic culture week and submit pictures.
Keep a register of fire hazards.
Each participant receives a book; report the number of books.
Collect feedback on the event and submit a summary.
Submit the names of the winning schools.
做好民族乡村振兴项目申报，报送项目表。
汇总“健康中国行”活动影像资料。
每名网格员联系十户居民，报送入户次数。
按时上报信访积案化解率。
对信访积案逐案研究，报送化解方案。
组织党员干部下沉社区，统计服务时长。
登记图书捐赠数量，建立图书台账。
对校车、食堂逐一登记，形成清单。
加强重点人群健康管理，报送服务人次。
为残疾儿童提供康复训练，统计训练课时。
邀请老党员讲述革命故事，报送视频。
填报《读书月活动统计表》。
每个家庭推荐一本书，登记书名。
每位读者可借三本书，统计借阅册数。
发放防诈骗手册，登记发放数量。
整理活动档案，报送目录。
推动信用信息平台建设，报送进展。
报送宣讲员名单和宣讲题目。
每个班级报送一名小小讲解员作品。
倡导健康生活方式，开展健步走，报送参加人数。
每名学生书写一封家书，汇总优秀作品。
开展新婚青年婚育新风宣传，报送场次。
开展禁毒宣传，讲解吸毒危害，统计受教育人次。
开展青少年预防犯罪教育，报送课时数。
评选最美家庭，公示名单。
开展就业帮扶，登记岗位信息。
了解群众需求，列出服务清单。
报送民族宗教局工作总结。
建立联系群众制度，报送制度文本。
报送群众来信来访件数。
""")

# Harmless as an indicator.
ABOUT_THE_WORK = _lines("""
民族舞节目数
民族中学参加班级
开展民族团结活动的形式
健康教育课课时
是否开设健康课
是否设置无障碍通道
是否有母婴室
健康步道长度
宗教活动场所数量
残疾人服务项目
敬老院名称
孕妇学校开课日期
接种点数量
接种疫苗种类
疫苗批号
活动对象
活动负责人
负责人电话
单位地址
邮政编码
咨询热线
参加单位名单
参赛作品清单
问题整改台账
安全隐患清单
工作台账是否建立
是否建立工作台账
是否建立隐患台账
满意度
群众意见建议
群众反映的主要问题
困难群众慰问情况
走访慰问情况
信访工作亮点
信访件办结率
矛盾纠纷化解件数
化解纠纷数
党员学习主题
主题党日日期
党课题目
党员示范岗数量
民族工作亮点
政治理论学习次数
思想政治教育形式
精神文明建设情况
心理咨询室是否建成
职工参与情况
学生作品
教师培训主题
家长学校名称
参加范围
联系单位
联系部门
电子邮箱是否开通
媒体报道链接
Health talk date
Ethnic costume exhibition
Number of patients treated
Topic of the religious affairs course
Party day theme
School name
Name of activity
Event name
Contact person
Race day date
Sports race distance
Fire drill date
Address of the venue
民族乡数量说明
健康讲座主讲人
健康宣传材料
残疾人之家名称
无障碍改造地点
党建品牌名称
党员教育基地
民族团结教育基地名称
是否开展民族团结宣传
是否开展信访接待
是否组织接种
是否完成接种任务
是否建立值班制度
是否按时上报
安全责任人
参赛人数说明
慰问品名称
走访日期
电话回访次数
电话宣传方式
手机客户端名称
网站地址
志愿服务项目名称
活动照片说明
宣传对象
授课教师
宗教政策学习情况
民族文化展览名称
疫情防控措施
疾病预防宣传方式
孕期保健讲座名称
心理辅导活动
学生健康体检日期
人口
少数民族村名称
Phone consultation times
Name of the library
Book titles
Health campaign slogan
Party-building theme
""")

# Choices that no name makes harmless, and such as stand for something else.
TRAITS_TO_CHOOSE = [
    ("类别", ["汉族", "其他"]),
    ("类别", ["汉 族", "其他"]),
    ("类别", ["甲族", "乙族", "其他"]),
    ("情况", ["汉", "回", "蒙"]),
    ("身份", ["党员", "团员", "群众"]),
    ("选项", ["信教", "不信教"]),
    ("选项", ["佛教", "其他"]),
    ("回答", ["支持", "反对", "中立"]),
    ("类型", ["残疾", "非残疾"]),
    ("选项", ["已怀孕", "未怀孕"]),
    ("類別", ["中共黨員", "羣眾"]),
    ("Group", ["Han", "Other"]),
    ("Type", ["Muslim", "Buddhist", "None"]),
    ("Status", ["Party member", "Other"]),
]
OTHER_CHOICES = [
    ("频次", ["每周", "每月"]),
    ("形式", ["讲座", "展览", "其他"]),
    ("活动对象", ["党员", "学生", "群众"]),
    ("服饰", ["汉族", "蒙古族"]),
    ("是否同意公开", ["同意", "不同意"]),
    ("参加情况", ["已开展", "未开展"]),
    ("场馆展区", ["水族", "鸟类"]),
    ("Frequency", ["weekly", "monthly"]),
]

COUNTED_REFUSED = [
    "逐人健康状况",
    "身份证号",
    "手机号",
    "政治表现得分",
    "学生思想状况评分",
    "每名居民患病次数",
    "参加人员名单",
    "Phone numbers of residents",
]
COUNTED = [
    "民族团结活动场次",
    "健康讲座次数",
    "信教群众人数",
    "孕产妇接种人数",
    "患病人数",
    "慰问老人数",
    "帮扶对象总数",
    "热线电话接听数",
    "残疾",
    "疫苗接种",
]


@pytest.mark.parametrize("thing", LISTS)
@pytest.mark.parametrize("sentence", ["%s", "请于9月28日前报送%s。", "开展活动，做好宣传，登记%s，月底汇总。"])
def test_lists_and_contacts_of_persons_are_refused_everywhere(thing: str, sentence: str) -> None:
    assert sensitive_indicator(thing, "text", [])
    assert sensitive_ask("报送", "", [sentence % thing])
    assert sensitive_ask(sentence % thing, "")
    if sentence != "%s":
        assert sensitive_ask("报送", sentence % thing)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("kind", ["text", "choice"])
def test_data_of_a_person_are_no_indicators(name: str, kind: str) -> None:
    assert sensitive_indicator(name, kind, ["甲", "乙"])


@pytest.mark.parametrize("text", ASKED)
def test_sentences_that_ask_for_data_of_single_persons(text: str) -> None:
    assert sensitive_ask("任务", text)
    assert sensitive_ask("任务", f"加强组织领导。{text}")


@pytest.mark.parametrize("thing", THINGS)
def test_things_that_share_words_with_traits_are_taken_everywhere(thing: str) -> None:
    for kind in ("text", "yes_no", "date", "count"):
        assert sensitive_indicator(thing, kind, []) is None
    assert sensitive_ask(thing, f"请于9月28日前报送{thing}。", [thing]) is None


@pytest.mark.parametrize("name", ABOUT_THE_WORK)
@pytest.mark.parametrize("kind", ["text", "yes_no"])
def test_what_is_about_the_work_is_an_indicator(name: str, kind: str) -> None:
    assert sensitive_indicator(name, kind, []) is None


@pytest.mark.parametrize("text", NOTICES)
def test_sentences_of_ordinary_notices_are_taken(text: str) -> None:
    assert sensitive_ask("任务", text) is None
    assert sensitive_ask("任务", "", [text]) is None


@pytest.mark.parametrize(("name", "choices"), TRAITS_TO_CHOOSE)
def test_traits_to_choose_from(name: str, choices: list[str]) -> None:
    assert sensitive_indicator(name, "choice", choices)


@pytest.mark.parametrize(("name", "choices"), OTHER_CHOICES)
def test_other_choices(name: str, choices: list[str]) -> None:
    assert sensitive_indicator(name, "choice", choices) is None


@pytest.mark.parametrize("name", COUNTED_REFUSED)
def test_numbers_that_are_one_persons(name: str) -> None:
    assert sensitive_indicator(name, "count", [])


@pytest.mark.parametrize("name", COUNTED)
def test_numbers_of_persons(name: str) -> None:
    assert sensitive_indicator(name, "count", []) is None


def test_the_unit_of_an_indicator_is_read_too() -> None:
    assert sensitive_indicator("登记", "count", [], "身份证号")
    assert sensitive_indicator("编号", "text", [], "姓名")
    assert sensitive_indicator("参加", "count", [], "人") is None
    assert sensitive_indicator("走访", "count", [], "户") is None


def test_the_sentence_is_shown_as_it_was_written() -> None:
    reason = sensitive_ask("在学校", "开展活动。报送孕　婦名單，逐人登記；报送总结。")
    assert reason is not None
    assert "“报送孕　婦名單，逐人登記”" in reason


def test_an_indicator_with_such_a_unit_is_not_stored(cast: Cast) -> None:
    task = reading_month(cast).tasks.get(title="在学校")
    with pytest.raises(Refused, match="敏感信息"):
        add_indicator(
            task, {"name": "登记", "kind": "count", "unit": "身份证号"}, version=task.version, by=cast.planner
        )


def test_a_plan_that_asks_for_them_is_not_issued(cast: Cast) -> None:
    plan = reading_month(cast)
    Task.objects.filter(plan=plan, title="在学校").update(text="报送每名学生的民族成份。")
    assert [sentence[:9] for sentence in obstacles(plan)] == ["任务“在学校”要求"]
    with pytest.raises(Refused, match="敏感信息"):
        issue(plan, Choice(("99",), EVERY_KIND), by=cast.planner)
    plan.refresh_from_db()
    assert plan.is_draft
