"""Chinese names: companies as registered (city, word, trade, form), and persons."""

FIRST = "恒鑫瑞盛嘉丰宏泰福源聚友和顺金玉海天华美佳安康永兴茂德味香满悦锦祥品百万一家春"
SECOND = "达隆通祥源丰和泰庆昌荣盛旺鑫悦轩阁园坊记缘客来居楼汇宴乐元吉运成利发裕"
TRADE = (
    ("餐饮管理有限公司", "餐饮服务有限公司", "酒楼有限公司", "食府"),
    ("酒店管理有限公司", "大酒店有限公司", "宾馆有限公司"),
    ("商贸有限公司", "百货有限公司", "超市有限公司", "便利店"),
    ("实验小学", "中学", "职业技术学校", "幼儿园"),
)
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英文华玉梅建国红志鹏宇欣怡浩然子涵雨晨"
STREETS = ("人民路", "中山路", "解放路", "建设路", "和平路", "文化路", "新华路", "长江路", "东风路")


def company(r: list[int], trade: int, city: str) -> str:
    """Return a company's name from random numbers `r`."""
    forms = TRADE[trade]
    word = FIRST[r[0] % len(FIRST)] + SECOND[r[1] % len(SECOND)]
    if r[4] % 3 == 0:
        word += SECOND[r[3] % len(SECOND)]
    return f"{city}{word}{forms[r[2] % len(forms)]}"


def person(r: list[int]) -> str:
    """Return a person's name from random numbers `r`."""
    second = GIVEN[r[2] % len(GIVEN)] if r[3] % 4 else ""
    return SURNAMES[r[0] % len(SURNAMES)] + GIVEN[r[1] % len(GIVEN)] + second


def street(r: list[int]) -> str:
    """Return a street and number from random numbers `r`."""
    return f"{STREETS[r[0] % len(STREETS)]}{1 + r[1] % 900}号"
