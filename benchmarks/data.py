"""A county's deliveries, made by DuckDB from hashes: the same rows for the same size, every time.

Nothing is planted. Visits, stays and deaths are drawn apart from each other, and what detectors
find is where they happen to collide.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from clew.declare import registry
from clew.kernel import divisions

SEED = 2023
FIRST_DAY, DAYS = "2020-11-01", 1075
VISITS_A_PERSON = 10
BYTES_A_ROW = 272
"""Of settlements."""
COUNTIES, BIRTHDAYS, SEQUENCES = 100, 31_000, 1_000
INSTITUTIONS, HOSPITALS = 400, 200
INPATIENT_PERCENT = 8
DEATHS_PER_MILLE = 2

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹"
    "曾彭肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂春燕红玲华健文辉力建国庆云海波宁福生龙元全胜学祥才发武新利清飞"
    "彬富顺信子浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰以建家致树炎德行时泰盛雄琛钧冠策腾楠榕"
    "风航弘倩雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉秋珊莎锦黛青婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕"
)
DIAGNOSES = {
    "I10.x": "原发性高血压", "E11.9": "2型糖尿病", "J18.9": "肺炎", "I25.1": "冠心病",
    "K29.5": "慢性胃炎", "M51.2": "腰椎间盘突出", "J44.1": "慢性阻塞性肺疾病", "I63.9": "脑梗死",
    "N20.0": "肾结石", "K80.2": "胆囊结石", "J06.9": "急性上呼吸道感染", "H25.9": "老年性白内障",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Files as a department would send them."""

    settlements: Path
    others: tuple[Path, ...]


def make(folder: Path, rows: int) -> Deliveries:
    """Writes `rows` settlements and what belongs to them, as CSV in UTF-8."""
    files = Deliveries(
        folder / "市医保局_结算信息_2020年11月至2023年10月.csv",
        (
            folder / "市医保局_住院信息_2020年11月至2023年10月.csv",
            folder / "市卫健委_死亡医学证明_2020年11月至2023年10月.csv",
            folder / "市医保局_定点医药机构_2023年10月.csv",
        ),
    )
    with duckdb.connect() as con:
        con.execute(f"CREATE MACRO pick(of, what, n) AS (hash(of, what, {SEED}) % n)::BIGINT")
        con.execute("CREATE MACRO yuan(fen) AS CAST(fen AS DECIMAL(18, 0)) / 100")
        _persons(con, max(1, rows // VISITS_A_PERSON))
        _institutions(con)
        _visits(con, rows)
        _write(con, files.settlements, "mi_settlement", SETTLEMENTS)
        for path, (dataset, query) in zip(files.others, OTHERS, strict=True):
            _write(con, path, dataset, query)
    return files


def _write(con: duckdb.DuckDBPyConnection, path: Path, dataset: str, query: str) -> None:
    """Contract columns become the first of their printed headers."""
    contract = registry.dataset(dataset)
    columns = [column[0] for column in con.execute(f"DESCRIBE {query}").fetchall()]
    cells = ", ".join(f'"{c}" AS "{contract.columns[c].headers[0]}"' for c in columns)
    con.execute(f"COPY (SELECT {cells} FROM ({query})) TO '{path}' (FORMAT csv, HEADER)")


def _persons(con: duckdb.DuckDBPyConnection, persons: int) -> None:
    """Intact citizen numbers, no two alike: county, birthday and sequence differ somewhere."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = " + ".join(
        f"(ascii(substr(body, {i}, 1)) - 48) * {w}" for i, w in enumerate(weights, 1)
    )
    counties = sorted(c for c in divisions.KNOWN if divisions.is_county(c))[-COUNTIES:]
    cycle = COUNTIES * SEQUENCES
    con.execute(
        f"""
        CREATE TABLE persons AS
        WITH drawn AS (
            SELECT p, {counties}[p % {COUNTIES} + 1] AS county,
                   p // {COUNTIES} % {SEQUENCES} AS sequence,
                   DATE '1935-01-01' + CAST((pick(p % {cycle}, 'born', {BIRTHDAYS})
                       + p // {cycle}) % {BIRTHDAYS} AS INTEGER) AS born
            FROM range({persons}) AS r(p)
        ), bodies AS (
            SELECT *, county || strftime(born, '%Y%m%d') || lpad(sequence::VARCHAR, 3, '0') AS body
            FROM drawn
        )
        SELECT p, born, 2 - sequence % 2 AS sex,
               body || substr('10X98765432', ({total}) % 11 + 1, 1) AS number,
               {_character(SURNAMES, "surname")} || {_character(GIVEN, "first")}
                   || if(pick(p, 'short', 5) = 0, '', {_character(GIVEN, "second")}) AS name,
               pick(p, 'home', {HOSPITALS}) AS home, pick(p, 'insured', 3) = 0 AS employee
        FROM bodies
        """
    )


def _character(of: str, what: str) -> str:
    return f"substr('{of}', pick(p, '{what}', {len(of)}) + 1, 1)"


def _institutions(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""
        CREATE TABLE institutions AS
        SELECT n, if(n < {HOSPITALS}, 'H', 'P') || (42010000000 + n)::VARCHAR AS code,
               if(n < {HOSPITALS}, '第' || n || '医院', '第' || n || '药店') AS name,
               if(n < {HOSPITALS}, (n % 3 + 1)::VARCHAR, '9') AS level
        FROM range({INSTITUTIONS}) AS r(n)
        """
    )


def _visits(con: duckdb.DuckDBPyConnection, rows: int) -> None:
    """In order of time, as an export comes; half of all visits are to the institution at home."""
    persons = max(1, rows // VISITS_A_PERSON)
    codes = list(DIAGNOSES)
    con.execute(
        f"""
        CREATE TABLE visits AS
        WITH drawn AS (
            SELECT i, pick(i, 'who', {persons}) AS p,
                   pick(i, 'inpatient', 100) < {INPATIENT_PERCENT} AS inpatient,
                   pick(i, 'diagnosis', {len(codes)}) AS d,
                   TIMESTAMP '{FIRST_DAY} 07:00:00' + to_days((i * {DAYS} // {rows})::INTEGER)
                       + to_seconds(pick(i, 'begin', 43200)) AS begin_at
            FROM range({rows}) AS r(i)
        ), placed AS (
            SELECT drawn.*, persons.* EXCLUDE (p, name), persons.name AS person_name,
                   CASE WHEN pick(i, 'home', 2) = 0 THEN home
                        WHEN inpatient THEN pick(i, 'where', {HOSPITALS})
                        ELSE pick(i, 'where', {INSTITUTIONS}) END AS n,
                   if(inpatient, date_trunc('day', begin_at)
                       + to_days((1 + pick(i, 'nights', 12))::INTEGER)
                       + to_seconds(28800 + pick(i, 'leave', 28800)),
                      begin_at + to_seconds(300 + pick(i, 'length', 5400))) AS end_at,
                   if(inpatient, 150000 + pick(i, 'total', 2500000),
                      2000 + pick(i, 'total', 80000)) AS total,
                   50 + pick(i, 'fund', 36) AS fund_percent
            FROM drawn JOIN persons USING (p)
        )
        SELECT placed.*, code, institutions.name AS institution,
               total * fund_percent // 100 AS fund,
               if(inpatient, 0, total * pick(i, 'account', 15) // 100) AS account,
               end_at + to_seconds(60 + pick(i, 'settled', 3000)) AS settled_at,
               {codes}[d + 1] AS diagnosis, {list(DIAGNOSES.values())}[d + 1] AS diagnosis_name,
               'M' || lpad(i::VARCHAR, 14, '0') AS visit
        FROM placed JOIN institutions USING (n) ORDER BY i
        """
    )


SETTLEMENTS = """
    SELECT 'S' || lpad(i::VARCHAR, 14, '0') AS setl_id, visit AS mdtrt_id, number AS certno,
           person_name AS psn_name, 'R' || lpad(p::VARCHAR, 10, '0') AS psn_no, sex AS gend,
           born AS brdy, if(employee, '310', '390') AS insutype, code AS fixmedins_code,
           institution AS fixmedins_name,
           CASE WHEN inpatient THEN '21' WHEN code >= 'P' THEN '41'
                ELSE ['11', '13', '14'][pick(i, 'kind', 3) + 1] END AS med_type,
           begin_at AS begntime, end_at AS endtime, settled_at AS setl_time,
           diagnosis AS dise_codg, diagnosis_name AS dise_name, yuan(total) AS medfee_sumamt,
           yuan(fund) AS fund_pay_sumamt, yuan(fund) AS hifp_pay, yuan(account) AS acct_pay,
           yuan(total - fund - account) AS psn_cash_pay,
           ['01', '02', '03'][pick(i, 'voucher', 3) + 1] AS mdtrt_cert_type,
           ['face', 'password', 'password', 'none'][pick(i, 'verified', 4) + 1] AS verify_mode,
           'T' || lpad(pick(i, 'terminal', 2000)::VARCHAR, 6, '0') AS terminal_no,
           settled_at + to_seconds(600) AS upload_time, '0' AS refd_setl_flag
    FROM visits ORDER BY i
"""
OTHERS = (
    (
        "mi_inpatient",
        """
        SELECT visit AS mdtrt_id, begin_at AS adm_time, number AS certno, code AS fixmedins_code,
               end_at AS dscg_time, '0' || pick(i, 'ward', 9) AS adm_dept,
               if(pick(i, 'way', 20) = 0, '2', '1') AS dscg_way,
               if(pick(i, 'emergency', 3) = 0, '1', '0') AS emer_flag, 0 AS icu_hours,
               '0' AS newborn_flag, '0' AS home_bed_flag
        FROM visits WHERE inpatient ORDER BY i
        """,
    ),
    (
        "death_health",
        f"""
        SELECT 'D' || lpad(p::VARCHAR, 12, '0') AS cert_no, number AS certno, name AS psn_name,
               TIMESTAMP '{FIRST_DAY}' + to_days(pick(p, 'died', {DAYS})::INTEGER)
                   + to_seconds(pick(p, 'hour', 86400)) AS death_time
        FROM persons WHERE pick(p, 'dead', 1000) < {DEATHS_PER_MILLE} ORDER BY p
        """,
    ),
    (
        "mi_institution",
        "SELECT code AS fixmedins_code, name, level AS hosp_lv FROM institutions ORDER BY n",
    ),
)
