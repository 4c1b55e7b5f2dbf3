"""One customer: a company or a person, under the key that its source gives it."""

from datetime import date

from clientela.intake.grammar.choices import CUSTOMER_KIND, MARITAL, SEX
from clientela.intake.kinds.erp_names import with_erp_names
from clientela.intake.kinds.fields import Breach, Columns, Field, Kind
from clientela.intake.kinds.rules import day_order
from clientela.intake.reading.faults import reason

# Of these a customer does without: the number of somebody who can be called by another way.
# What tells customers apart (keys, register numbers) and days are refused with their row.
NO_PHONE = ("phone_invalid", "several_phones", "phone_country_missing")

FIELDS = (
    Field(
        name="customer_key", type="code", fact="SourceRecord.key", required=True,
        synonyms=("customer id", "customer no", "customer number", "customer code", "account", "account no", "account id", "id",
                  "client id", "household id", "客户编号", "客户代码", "客户编码", "客户号", "会员号", "编号", "id cliente", "código de cliente", "clave cliente",
                  "customer ref", "customer reference", "cust no", "cust id", "client no", "client code", "debtor no",
                  "debtor number", "member id", "member no", "客户ID", "客户id", "客户编码号", "会员编号", "会员ID", "nº cliente",
                  "nº de cliente", "no cliente", "num cliente", "número de cliente", "código cliente", "cod cliente",
                  "clave de cliente", "number"),
    ),
    Field(
        name="kind", type="choice", fact="SourceRecord.kind", words=CUSTOMER_KIND,
        synonyms=("customer type", "kind", "type", "account type", "客户类型", "类型", "tipo", "tipo de cliente",
                  "client type", "customer kind", "客户性质", "客户类别", "clase de cliente", "tipo cliente", "tipo de persona"),
    ),
    Field(
        name="name", type="text", attributes="name", required=True,
        synonyms=("name", "customer name", "company", "company name", "full name", "legal name", "account name", "客户名称", "客户",
                  "名称", "公司名称", "姓名", "企业名称", "单位名称", "nombre", "razón social", "nombre completo", "empresa", "cliente",
                  "client name", "business name", "trading name", "registered name", "organisation", "organization",
                  "organisation name", "debtor name", "client", "客户全称", "客户姓名", "公司", "公司名", "公司全称", "单位", "企业全称",
                  "nombre o razón social", "nombre del cliente", "nombre cliente", "denominación", "denominación social",
                  "nombre y apellidos", "nombre comercial"),
    ),
    Field(
        name="register_number", type="register_number", attributes="registration_number identity_number",
        synonyms=("tax number", "tax id", "vat number", "vat id", "vat no", "registration number", "company number", "统一社会信用代码",
                  "信用代码", "税号", "纳税人识别号", "注册号", "nif", "cif", "rfc", "nif/cif", "número fiscal",
                  "vat", "vatin", "vat reg no", "vat registration number", "vat registration no", "vat code", "tax no",
                  "tax code", "tax identifier", "tax identification number", "tax registration number", "tax reference", "tin",
                  "ein", "fiscal number", "fiscal code", "registration no", "reg no", "company registration number",
                  "company no", "business number", "national id", "id number", "identity number", "identity card", "统一信用代码",
                  "税务登记号", "税务登记证号", "纳税人编号", "纳税人识别码", "纳税识别号", "社会信用代码", "营业执照号", "营业执照注册号", "工商注册号", "组织机构代码", "身份证", "身份证号",
                  "身份证号码", "证件号码", "cif/nif", "nif/cif/nie", "dni", "nie", "dni/nif", "nit", "ruc", "rut", "cuit", "cédula",
                  "id fiscal", "nº fiscal", "código fiscal", "identificación fiscal", "número de identificación fiscal",
                  "registro federal de contribuyentes", "nº iva", "número de iva", "nif-iva"),
    ),
    Field(name="country", type="country", attributes="country", left_out=("country_unknown",), synonyms=("country", "country code", "nation", "国家", "国别", "país", "pais",
                  "country name", "country of residence", "country/region", "nationality", "国籍", "国家/地区", "国家地区", "所在国家",
                  "país de residencia", "país/región", "nación")),
    Field(
        name="region", type="text", attributes="region", limit=120,
        synonyms=("region", "state", "province", "county", "省", "省份", "地区", "区域", "provincia", "estado", "región",
                  "state/province", "province/state", "state or province", "district", "所在省", "省/州", "州", "所属地区", "所在地区",
                  "comunidad autónoma", "provincia/estado", "estado/provincia", "departamento", "comarca"),
    ),
    Field(name="city", type="text", attributes="city", limit=120, synonyms=("city", "town", "城市", "市", "ciudad", "población", "municipio", "localidad",
                  "city/town", "town/city", "municipality", "place", "所在城市", "所在市", "城市名称", "ciudad/población", "poblacion")),
    Field(
        name="address", type="text", attributes="address", limit=500,
        synonyms=("address", "street", "street address", "address line 1", "地址", "详细地址", "通讯地址", "dirección", "domicilio", "calle",
                  "address 1", "address1", "postal address", "mailing address", "billing address", "registered address",
                  "business address", "street and number", "full address", "注册地址", "办公地址", "公司地址", "联系地址", "经营地址", "收货地址", "住址",
                  "domicilio fiscal", "dirección fiscal", "dirección postal", "dirección completa", "calle y número"),
    ),
    Field(
        name="postcode", type="code", attributes="postcode",
        synonyms=("postcode", "zip", "zip code", "postal code", "邮编", "邮政编码", "código postal", "cp",
                  "post code", "zip/postal code", "zip/postcode", "postal", "postal zip", "邮政代码", "邮编号码", "c.p.", "cod postal",
                  "código postal/zip", "distrito postal"),
    ),
    Field(
        name="phone", type="phone", attributes="phone", left_out=NO_PHONE,
        synonyms=("phone", "telephone", "tel", "mobile", "cell", "phone number", "mobile phone", "电话", "手机", "联系电话", "手机号",
                  "手机号码", "teléfono", "móvil", "celular", "tel.",
                  "telephone number", "telephone no", "phone no", "mobile number", "mobile no", "cell phone", "contact phone",
                  "contact number", "phone 1", "landline", "电话号码", "联系方式", "固定电话", "座机", "移动电话", "办公电话", "公司电话", "nº teléfono",
                  "nº de teléfono", "número de teléfono", "teléfono móvil", "teléfono de contacto", "teléfono 1", "tlf", "tfno"),
    ),
    Field(
        name="mobile", type="phone", attributes="phone", item="mobile", beside="phone", left_out=NO_PHONE,
        synonyms=("mobile", "mobile phone", "mobile number", "mobile no", "cell", "cell phone", "cellular", "手机", "手机号", "手机号码",
                  "移动电话", "móvil", "teléfono móvil", "celular", "teléfono celular", "nº móvil", "número de móvil"),
    ),
    Field(
        name="phone_2", type="phone", attributes="phone", item="2", beside="phone", left_out=NO_PHONE,
        synonyms=("phone 2", "telephone 2", "tel 2", "second phone", "other phone", "alternative phone", "电话2", "电话 2", "备用电话",
                  "其他电话", "第二电话", "teléfono 2", "segundo teléfono", "otro teléfono", "teléfono alternativo", "telf2", "tlf 2"),
    ),
    Field(
        name="email", type="email", attributes="email", left_out=("email_invalid",),
        synonyms=("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件", "correo", "correo electrónico", "e-mail address",
                  "e-mail id", "email id", "mail address", "contact email", "email 1", "e-mail 1", "邮件", "邮箱地址", "电邮", "电子邮件地址",
                  "Email 地址", "email de contacto", "correo-e", "dirección de correo", "dirección de correo electrónico"),
    ),
    Field(
        name="email_2", type="email", attributes="email", item="2", beside="email", left_out=("email_invalid",),
        synonyms=("email 2", "e-mail 2", "second email", "other email", "alternative email", "secondary email", "邮箱2", "邮箱 2",
                  "备用邮箱", "其他邮箱", "correo 2", "segundo correo", "otro correo", "correo alternativo"),
    ),
    Field(
        name="industry", type="text", attributes="industry", limit=120,
        synonyms=("industry", "sector", "branch of industry", "行业", "所属行业", "industria", "giro", "actividad",
                  "industry sector", "industry type", "line of business", "business sector", "trade", "行业类别", "行业类型", "行业分类",
                  "sector de actividad", "ramo", "rubro", "actividad económica"),
    ),
    Field(name="sex", type="choice", attributes="sex", words=SEX, left_out=("not_a_choice",), synonyms=("sex", "gender", "性别", "sexo", "género",
                  "客户性别", "genero")),
    Field(
        name="born_on", type="date", attributes="birth_date",
        synonyms=("birth date", "date of birth", "dob", "birthday", "出生日期", "生日", "fecha de nacimiento", "nacimiento",
                  "birthdate", "date birth", "born", "born on", "出生年月", "出生年月日", "fecha nacimiento", "f. nacimiento",
                  "cumpleaños"),
    ),
    Field(name="age_band", type="text", attributes="age_band", limit=40, synonyms=("age", "age band", "age desc", "age group", "年龄", "年龄段", "edad", "grupo de edad")),
    Field(
        name="income_band", type="text", attributes="income_band", limit=40,
        synonyms=("income", "income band", "income desc", "收入", "收入水平", "ingresos", "nivel de ingresos"),
    ),
    Field(
        name="household_size", type="text", attributes="household_size", limit=20,
        synonyms=("household size", "household size desc", "persons in household", "家庭人数", "tamaño del hogar"),
    ),
    Field(
        name="marital_status", type="choice", attributes="marital_status", words=MARITAL, left_out=("not_a_choice",),
        synonyms=("marital status", "married", "婚姻状况", "estado civil"),
    ),
    Field(name="homeowner", type="text", attributes="home_ownership", limit=40, synonyms=("homeowner", "home owner", "home ownership", "homeowner desc", "住房", "vivienda propia")),
    Field(name="owner", type="code", attributes="owner", synonyms=("owner", "account manager", "sales rep", "salesperson", "业务员", "客户经理", "负责人", "销售", "vendedor", "responsable", "comercial",
                  "account owner", "sales representative", "sales person", "sales manager", "relationship manager", "rep",
                  "responsible", "跟进人", "客户负责人", "销售代表", "销售人员", "销售员", "业务代表", "agente", "agente comercial", "representante",
                  "ejecutivo de cuenta", "gestor")),
    Field(name="branch_code", type="code", attributes="org_node", synonyms=("branch", "branch code", "office", "分公司", "部门", "门店", "sucursal", "delegación", "oficina",
                  "branch id", "branch name", "branch office", "store", "store code", "分公司代码", "分支机构", "所属部门", "所属分公司",
                  "oficina comercial", "tienda", "código de sucursal")),
    Field(
        name="customer_since", type="date", attributes="customer_since",
        synonyms=("customer since", "since", "created", "created on", "first order", "registration date", "建档日期", "注册日期", "合作日期",
                  "开户日期", "cliente desde", "fecha de alta", "alta",
                  "client since", "date created", "created at", "creation date", "date added", "opened on", "opening date",
                  "member since", "创建时间", "创建日期", "建档时间", "注册时间", "成为客户日期", "fecha alta", "fecha de creación", "fecha creación",
                  "fecha de registro"),
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
    fields=with_erp_names("customers", FIELDS),
    past_days=("born_on", "customer_since"),
    ancient_days=("born_on",),
    derive=kind_of,
    checks=(day_order("born_on", "customer_since"),),
    flags=(flags,),
)
