"""One customer: a company or a person, under the key that its source gives it."""

from datetime import date

from clientela.intake.grammar.choices import CUSTOMER_KIND, MARITAL, SEX
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.kinds.rules import day_order
from clientela.intake.reading.faults import reason

FIELDS = (
    Field(
        name="customer_key", type="code", cls="S1", required=True,
        synonyms=("customer id", "customer no", "customer number", "customer code", "account", "account no", "account id", "id",
                  "client id", "household id", "客户编号", "客户代码", "客户编码", "客户号", "会员号", "编号", "id cliente", "código de cliente", "clave cliente"),
    ),
    Field(
        name="kind", type="choice", cls="S1", words=CUSTOMER_KIND,
        synonyms=("customer type", "kind", "type", "account type", "客户类型", "类型", "tipo", "tipo de cliente"),
    ),
    Field(
        name="name", type="text", cls="S2", required=True,
        synonyms=("name", "customer name", "company", "company name", "full name", "legal name", "account name", "客户名称", "客户",
                  "名称", "公司名称", "姓名", "企业名称", "单位名称", "nombre", "razón social", "nombre completo", "empresa", "cliente"),
    ),
    Field(
        name="register_number", type="register_number", cls="S1",
        synonyms=("tax number", "tax id", "vat number", "vat id", "vat no", "registration number", "company number", "统一社会信用代码",
                  "信用代码", "税号", "纳税人识别号", "注册号", "nif", "cif", "rfc", "nif/cif", "número fiscal"),
    ),
    Field(name="country", type="country", cls="S1", synonyms=("country", "country code", "nation", "国家", "国别", "país", "pais")),
    Field(
        name="region", type="text", cls="S1", limit=120,
        synonyms=("region", "state", "province", "county", "省", "省份", "地区", "区域", "provincia", "estado", "región"),
    ),
    Field(name="city", type="text", cls="S1", limit=120, synonyms=("city", "town", "城市", "市", "ciudad", "población", "municipio", "localidad")),
    Field(
        name="address", type="text", cls="S4", limit=500,
        synonyms=("address", "street", "street address", "address line 1", "地址", "详细地址", "通讯地址", "dirección", "domicilio", "calle"),
    ),
    Field(
        name="postcode", type="code", cls="S2",
        synonyms=("postcode", "zip", "zip code", "postal code", "邮编", "邮政编码", "código postal", "cp"),
    ),
    Field(
        name="phone", type="phone", cls="S2",
        synonyms=("phone", "telephone", "tel", "mobile", "cell", "phone number", "mobile phone", "电话", "手机", "联系电话", "手机号",
                  "手机号码", "teléfono", "móvil", "celular", "tel."),
    ),
    Field(
        name="email", type="email", cls="S2",
        synonyms=("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件", "correo", "correo electrónico", "e-mail address"),
    ),
    Field(
        name="industry", type="text", cls="S0", limit=120,
        synonyms=("industry", "sector", "branch of industry", "行业", "所属行业", "industria", "giro", "actividad"),
    ),
    Field(name="sex", type="choice", cls="S2", words=SEX, synonyms=("sex", "gender", "性别", "sexo", "género")),
    Field(
        name="born_on", type="date", cls="S2",
        synonyms=("birth date", "date of birth", "dob", "birthday", "出生日期", "生日", "fecha de nacimiento", "nacimiento"),
    ),
    Field(name="age_band", type="text", cls="S2", limit=40, synonyms=("age", "age band", "age desc", "age group", "年龄", "年龄段", "edad", "grupo de edad")),
    Field(
        name="income_band", type="text", cls="S2", limit=40,
        synonyms=("income", "income band", "income desc", "收入", "收入水平", "ingresos", "nivel de ingresos"),
    ),
    Field(
        name="household_size", type="text", cls="S2", limit=20,
        synonyms=("household size", "household size desc", "persons in household", "家庭人数", "tamaño del hogar"),
    ),
    Field(
        name="marital_status", type="choice", cls="S2", words=MARITAL,
        synonyms=("marital status", "married", "婚姻状况", "estado civil"),
    ),
    Field(name="homeowner", type="text", cls="S2", limit=40, synonyms=("homeowner", "home owner", "home ownership", "homeowner desc", "住房", "vivienda propia")),
    Field(name="owner", type="code", cls="S1", synonyms=("owner", "account manager", "sales rep", "salesperson", "业务员", "客户经理", "负责人", "销售", "vendedor", "responsable", "comercial")),
    Field(name="branch_code", type="code", cls="S1", synonyms=("branch", "branch code", "office", "分公司", "部门", "门店", "sucursal", "delegación", "oficina")),
    Field(
        name="customer_since", type="date", cls="S1",
        synonyms=("customer since", "since", "created", "created on", "first order", "registration date", "建档日期", "注册日期", "合作日期",
                  "开户日期", "cliente desde", "fecha de alta", "alta"),
    ),
)  # fmt: skip


def kind_of(columns: dict[str, list[object]], rows: int) -> list[Breach]:
    """Find the rows that say neither that they are a company nor a person."""
    why = reason("required", field="kind")
    return [
        Breach(index=n, field="kind", reason=why)
        for n, kind in enumerate(columns["kind"])
        if kind is None
    ]


def flags(columns: Columns, rows: int) -> dict[str, list[int]]:
    """Return what is taken and said: a company with facts of a person, a name that looks made up."""
    made_up = {"test", "abc", "aaa", "111", "123", "xxx", "测试", "prueba", "n/a", "无"}
    kinds, born, names = columns["kind"], columns["born_on"], columns["name"]
    companies = [n for n, kind in enumerate(kinds) if kind == "company"]
    return {
        "person_facts_on_company": [n for n in companies if isinstance(born[n], date)],
        "name_looks_made_up": [n for n, v in enumerate(names) if str(v).lower() in made_up],
    }


CUSTOMERS = Kind(
    name="customers",
    fields=FIELDS,
    past_days=("born_on", "customer_since"),
    derive=kind_of,
    checks=(day_order("born_on", "customer_since"),),
    flags=(flags,),
)
