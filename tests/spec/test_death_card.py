"""MI-01 by cases."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.death_card import death_card
from tests.spec.harness import Case, check

DEAD = """
death_health
cert_no | certno | death_time
D1      | P1     | 2023-03-05 14:00
"""

SOLD = """
mi_settlement
certno | begntime         | fund_pay_sumamt | acct_pay
P1     | 2023-03-09 10:00 | 80.00           | 20.00
"""

CLUE = "P1 | 2023-03-05 | clue | | 80.00 | 20.00 | M"


def excluded(code: str, outcome: str = "excluded", day: str = "2023-03-05") -> str:
    return f"P1 | {day} | {outcome} | {code} | 0.00 | 0.00 |"


CASES = (
    Case(
        T("死亡四天后药店统筹支付", "Pooled fund pays a pharmacy four days after the death"),
        DEAD + SOLD, CLUE, untested=(),
    ),
    Case(
        T("只用个人账户为低", "Personal account only is low"),
        DEAD + SOLD.replace("80.00", "0"),
        "P1 | 2023-03-05 | clue | | 0.00 | 20.00 | L",
    ),
    Case(
        T("账户支付四次仍为低", "Four services by the account stay low"),
        DEAD + """
        mi_settlement
        certno | begntime   | acct_pay
        P1     | 2023-03-25 | 10
        P1     | 2023-03-26 | 10
        P1     | 2023-03-27 | 10
        P1     | 2023-03-28 | 10
        """,
        "P1 | 2023-03-05 | clue | | 0.00 | 40.00 | L",
    ),
    Case(
        T("三次统筹支付为高", "Three services by the fund are high"),
        DEAD + """
        mi_settlement
        certno | begntime   | fund_pay_sumamt
        P1     | 2023-03-25 | 10
        P1     | 2023-03-26 | 10
        P1     | 2023-03-27 | 10
        """,
        "P1 | 2023-03-05 | clue | | 30.00 | 0.00 | H",
    ),
    Case(
        T("一机构三名死者为高", "Three deceased of one institution are high"),
        """
        death_health
        cert_no | certno | death_time
        D1      | P1     | 2023-03-05
        D2      | P2     | 2023-03-05
        D3      | P3     | 2023-03-05
        mi_settlement
        certno | begntime   | fund_pay_sumamt | fixmedins_code
        P1     | 2023-03-25 | 10              | H1
        P2     | 2023-03-26 | 10              | H1
        P3     | 2023-03-27 | 10              | H1
        """,
        """
        P1 | 2023-03-05 | clue | | 10.00 | 0.00 | H
        P2 | 2023-03-05 | clue | | 10.00 | 0.00 | H
        P3 | 2023-03-05 | clue | | 10.00 | 0.00 | H
        """,
    ),
    Case(
        T("死亡当日不算", "The day of death is never flagged"),
        DEAD + SOLD.replace("2023-03-09 10:00", "2023-03-05 23:00"),
        "none",
    ),
    Case(
        T("次日即算", "The next day is"),
        DEAD + SOLD.replace("2023-03-09 10:00", "2023-03-06 00:10"),
        CLUE,
    ),
    Case(
        T("宽限期内不算", "Within the days of grace nothing is flagged"),
        DEAD + SOLD, "none", params={"grace_days": "4"},
    ),
    Case(
        T("仅按月记载的死亡取月末", "A death known by its month counts from the month's end"),
        DEAD.replace("2023-03-05 14:00", "2023-03") + SOLD, "none",
    ),
    Case(
        T("月末之后为线索", "After that month's end it is a clue"),
        DEAD.replace("2023-03-05 14:00", "2023-02") + SOLD,
        "P1 | 2023-02-28 | clue | | 80.00 | 20.00 | M",
    ),
    Case(
        T("仅按年记载的死亡取年末", "A death known by its year counts from 31 December"),
        DEAD.replace("2023-03-05 14:00", "2022") + SOLD,
        "P1 | 2022-12-31 | clue | | 80.00 | 20.00 | M",
    ),
    Case(
        T("两来源相差三日取较晚", "Two sources three days apart agree on the later"),
        DEAD + """
        death_police
        certno | cancel_date | death_date | reason
        P1     | 2023-03-20  | 2023-03-08 | 死亡
        """ + SOLD,
        "P1 | 2023-03-08 | clue | | 80.00 | 20.00 | M",
    ),
    Case(
        T("两日期之间且相符者不算", "Between dates that agree nothing is flagged"),
        DEAD + """
        death_police
        certno | cancel_date | death_date | reason
        P1     | 2023-03-20  | 2023-03-08 | 死亡
        """ + SOLD.replace("2023-03-09", "2023-03-08"),
        "none",
    ),
    Case(
        T("迁出注销不是死亡", "A cancelled registration for another reason is no death"),
        """
        death_police
        certno | cancel_date | death_date | reason
        P1     | 2023-03-01  | 2023-03-01 | 迁出
        """ + SOLD,
        "none",
    ),
    Case(
        T("统筹支付的结算次日冲销", "Settled, and reversed the next day"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | begntime   | setl_time  | medfee_sumamt | fund_pay_sumamt \
| refd_setl_flag | init_setl_id
        A       | V1       | P1     | 2023-03-09 | 2023-03-09 | 80            | 80              \
| 0              |
        B       | V1       | P1     | 2023-03-09 | 2023-03-10 | -80           | -80             \
| 1              | A
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("无原号的冲销按就诊号、金额、先后配对", "A reversal without number finds its original"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | begntime   | setl_time        | medfee_sumamt \
| fund_pay_sumamt
        A       | V1       | P1     | 2023-03-09 | 2023-03-09 10:00 | 80            | 80
        B       | V1       | P1     | 2023-03-09 | 2023-03-09 11:00 | -80           | -80
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("早于原结算的冲销是孤儿", "A reversal before its original is an orphan"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | begntime   | setl_time        | medfee_sumamt \
| fund_pay_sumamt
        A       | V1       | P1     | 2023-03-09 | 2023-03-09 10:00 | 80            | 80
        B       | V1       | P1     | 2023-03-09 | 2023-03-09 09:00 | -80           | -80
        """,
        "P1 | 2023-03-05 | clue | | 80.00 | 0.00 | M",
    ),
    Case(
        T("一笔冲销只抵一笔", "One reversal cancels one of two equal settlements"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | begntime   | setl_time        | medfee_sumamt \
| fund_pay_sumamt
        A       | V1       | P1     | 2023-03-09 | 2023-03-09 10:00 | 80            | 80
        B       | V1       | P1     | 2023-03-09 | 2023-03-09 10:30 | 80            | 80
        C       | V1       | P1     | 2023-03-09 | 2023-03-09 11:00 | -80           | -80
        """,
        "P1 | 2023-03-05 | clue | REVERSED | 80.00 | 0.00 | M",
    ),
    Case(
        T("部分冲销减少原额, 正数亦作负数", "A part reversal lowers, even if written positive"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | begntime   | medfee_sumamt | fund_pay_sumamt \
| refd_setl_flag | init_setl_id
        A       | V1       | P1     | 2023-03-09 | 100           | 80              | 0 |
        B       | V1       | P1     | 2023-03-10 | 30            | 24              | 1 | A
        """,
        "P1 | 2023-03-05 | clue | | 56.00 | 0.00 | M",
    ),
    Case(
        T("住院至死亡, 月末结算", "Inpatient until the death, settled weeks later"),
        DEAD + """
        mi_settlement
        mdtrt_id | certno | med_type | begntime   | endtime    | setl_time  | fund_pay_sumamt
        V1       | P1     | 21       | 2023-02-20 | 2023-03-05 | 2023-03-28 | 9000
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | dscg_way
        V1       | 2023-02-20 | 2023-03-05 | 5
        """,
        excluded("LATE_SETTLEMENT"),
    ),
    Case(
        T("住院死亡次日的费用属同次住院", "Fee day after a death in the ward belongs to the stay"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | med_type | begntime   | setl_time  | fund_pay_sumamt
        A       | V1       | P1     | 21       | 2023-02-20 | 2023-03-28 | 900
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | dscg_way
        V1       | 2023-02-20 | 2023-03-06 | 5
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt | fund_scope_amt
        A       | 2023-03-01    | 500                 | 500
        A       | 2023-03-06    | 500                 | 500
        """,
        excluded("SAME_STAY"),
    ),
    Case(
        T("其后的费用日不属同次住院, 按明细分摊", "A later fee day is flagged, by its share"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | med_type | begntime   | setl_time  | fund_pay_sumamt
        A       | V1       | P1     | 21       | 2023-02-20 | 2023-03-28 | 100.00
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | dscg_way
        V1       | 2023-02-20 | 2023-03-06 | 5
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt | fund_scope_amt
        A       | 2023-03-01    | 500                 | 200
        A       | 2023-03-06    | 500                 | 0
        A       | 2023-03-07    | 500                 | 100
        """,
        "P1 | 2023-03-05 | clue | SAME_STAY | 33.33 | 0.00 | H",
    ),
    Case(
        T("非死亡离院不算同次住院", "Another way of discharge does not excuse"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | med_type | begntime   | setl_time  | fund_pay_sumamt
        A       | V1       | P1     | 21       | 2023-02-20 | 2023-03-28 | 900
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | dscg_way
        V1       | 2023-02-20 | 2023-03-06 | 1
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        A       | 2023-03-06    | 500
        """,
        "P1 | 2023-03-05 | clue | | 900.00 | 0.00 | H",
        untested=(),
    ),
    Case(
        T("离院方式为空则未检验, 降一级", "An empty way of discharge is untested"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | med_type | begntime   | setl_time  | fund_pay_sumamt
        A       | V1       | P1     | 21       | 2023-02-20 | 2023-03-28 | 900
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time
        V1       | 2023-02-20 | 2023-03-06
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        A       | 2023-03-06    | 500
        """,
        "P1 | 2023-03-05 | clue | | 900.00 | 0.00 | M",
        untested=("SAME_STAY",),
    ),
    Case(
        T("明细晚于结算日仍算就诊日", "The service date is the fee line's, not the settlement's"),
        DEAD + """
        mi_settlement
        setl_id | certno | begntime   | setl_time  | fund_pay_sumamt
        A       | P1     | 2023-03-01 | 2023-03-01 | 90
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        A       | 2023-03-01    | 200
        A       | 2023-03-09    | 100
        """,
        "P1 | 2023-03-05 | clue | | 30.00 | 0.00 | M",
    ),
    Case(
        T("冲销的明细不再计入", "Lines that a reversal takes back are no lines"),
        DEAD + """
        mi_settlement
        setl_id | mdtrt_id | certno | begntime   | medfee_sumamt | fund_pay_sumamt | init_setl_id
        A       | V1       | P1     | 2023-03-01 | 300           | 90              |
        B       | V1       | P1     | 2023-03-10 | -100          | -30             | A
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt | med_list_codg
        A       | 2023-03-01    | 200                 | X
        A       | 2023-03-09    | 100                 | Y
        B       | 2023-03-09    | -100                | Y
        """,
        "none",
    ),
    Case(
        T("姓名不符只进人工名单", "Another name goes to the review list"),
        """
        death_health
        cert_no | certno | psn_name | death_time
        D1      | P1     | 李四     | 2023-03-05
        """ + SOLD,
        excluded("LINK_BELOW_T1", "review_list"),
    ),
    Case(
        T("误录证件号不牵连本人死亡", "A wrong number does not blend with the person's own death"),
        """
        death_health
        cert_no | certno | psn_name   | death_time
        D1      | P1     | 李四       | 2022-01-01
        D2      | P1     | name of P1 | 2023-03-05
        """ + SOLD + """
        P1     | 2022-05-01       | 50.00           | 0
        """,
        CLUE,
    ),
    Case(
        T("曾用名相符", "A former name agrees"),
        """
        death_health
        cert_no | certno | psn_name | death_time
        D1      | P1     | 旧名     | 2023-03-05
        police_person
        certno | psn_name   | former_name
        P1     | name of P1 | 旧名
        """ + SOLD,
        CLUE,
    ),
    Case(
        T("按人员编号识别且姓名相符", "Found by number, names agree"),
        DEAD + """
        mi_person
        psn_no | certno
        N1     | P1
        mi_settlement
        certno | psn_no | psn_name   | begntime   | fund_pay_sumamt
               | N1     | name of P1 | 2023-03-09 | 10
               | N1     | 他人       | 2023-03-10 | 10
        """,
        "P1 | 2023-03-05 | clue | | 10.00 | 0.00 | M",
    ),
    Case(
        T("证件号与人员编号各指一人", "ID and number name two persons"),
        DEAD + """
        mi_person
        psn_no | certno
        N2     | P2
        mi_settlement
        certno | psn_no | begntime   | fund_pay_sumamt
        P1     | N2     | 2023-03-09 | 10
        """,
        excluded("LINK_BELOW_T1", "review_list"),
    ),
    Case(
        T("死者账户为女儿支付", "The dead mother's account pays for the daughter"),
        DEAD + """
        mi_settlement
        certno | begntime   | fund_pay_sumamt | acct_mulaid_pay | acct_owner_certno
        P2     | 2023-03-09 | 30              | 20              | P1
        """,
        excluded("MUTUAL_AID"),
    ),
    Case(
        T("未记账户人, 当日有共济绑定", "Owner not recorded, a binding that day"),
        DEAD + """
        mi_settlement
        certno | begntime   | medfee_sumamt | acct_mulaid_pay
        P1     | 2023-03-09 | 20            | 20
        mi_binding
        owner_certno | member_certno | start_date
        P1           | P2            | 2022-01-01
        """,
        excluded("MUTUAL_AID"),
    ),
    Case(
        T("未记账户人, 当日无绑定", "Owner not recorded, no binding that day"),
        DEAD + """
        mi_settlement
        certno | begntime   | medfee_sumamt | acct_mulaid_pay
        P1     | 2023-03-09 | 20            | 20
        mi_binding
        owner_certno | member_certno | start_date | end_date
        P1           | P2            | 2022-01-01 | 2023-03-08
        """,
        excluded("NO_PAYMENT", "review_list"),
    ),
    Case(
        T("未记账户人, 绑定未归集", "Owner not recorded, bindings not held"),
        DEAD + """
        mi_settlement
        certno | begntime   | medfee_sumamt | acct_mulaid_pay
        P1     | 2023-03-09 | 20            | 20
        """,
        excluded("MUTUAL_AID"),
        lacks=("mi_binding",),
    ),
    Case(
        T("人脸核验", "A face-verified service"),
        DEAD + """
        mi_settlement
        certno | begntime   | fund_pay_sumamt | verify_mode
        P1     | 2023-03-09 | 10              | face
        """,
        excluded("ALIVE_EVIDENCE", "data_correction"),
    ),
    Case(
        T("四月个税", "Wage tax for April"),
        DEAD + SOLD + """
        tax_wage
        certno | emp_uscc | month
        P1     | E1       | 2023-04
        """,
        excluded("ALIVE_EVIDENCE", "data_correction"),
    ),
    Case(
        T("死亡当月个税不算", "Wage tax for the month of death proves nothing"),
        DEAD + SOLD + """
        tax_wage
        certno | emp_uscc | month
        P1     | E1       | 2023-03
        """,
        CLUE,
    ),
    Case(
        T("出入境", "A border crossing"),
        DEAD + SOLD + """
        mi_border
        certno | exit_date  | entry_date
        P1     | 2023-03-01 | 2023-03-06
        """,
        excluded("ALIVE_EVIDENCE", "data_correction"),
    ),
    Case(
        T("结婚登记, 配偶一方", "A marriage, as the spouse"),
        DEAD + SOLD + """
        civil_marriage
        certno | spouse_certno | reg_date   | kind
        P2     | P1            | 2023-03-06 | marriage
        """,
        excluded("ALIVE_EVIDENCE", "data_correction"),
    ),
    Case(
        T("死亡当日出境不算", "A crossing on the day of death proves nothing"),
        DEAD + SOLD + """
        mi_border
        certno | exit_date
        P1     | 2023-03-05
        """,
        CLUE,
    ),
    Case(
        T("宣告死亡已撤销, 户籍死亡日期随之失据", "A declaration revoked after the death date"),
        """
        death_police
        certno | cancel_date | death_date | reason
        P1     | 2023-03-05  | 2023-03-05 | 死亡
        court_death
        case_no | certno | kind     | judg_date
        C1      | P1     | declared | 2023-03-01
        C2      | P1     | revoked  | 2023-06-01
        """ + SOLD,
        excluded("DECLARED_REVOKED"),
    ),
    Case(
        T("仅有已撤销的宣告", "Nothing but a revoked declaration"),
        """
        court_death
        case_no | certno | kind     | judg_date
        C1      | P1     | declared | 2023-03-05
        C2      | P1     | revoked  | 2023-06-01
        """ + SOLD,
        excluded("DECLARED_REVOKED"),
    ),
    Case(
        T("未撤销的宣告取判决日", "A standing declaration gives the day of judgment"),
        """
        court_death
        case_no | certno | kind     | judg_date
        C1      | P1     | declared | 2023-03-05
        """ + SOLD,
        CLUE,
    ),
    Case(
        T("撤销后又死亡", "Died after the revocation"),
        DEAD + """
        court_death
        case_no | certno | kind     | judg_date
        C1      | P1     | declared | 2020-01-01
        C2      | P1     | revoked  | 2021-01-01
        """ + SOLD,
        CLUE,
    ),
    Case(
        T("次日尸体料理", "Mortuary care the day after"),
        DEAD + """
        mi_settlement
        setl_id | certno | begntime   | fund_pay_sumamt
        A       | P1     | 2023-03-06 | 90
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt | med_list_codg
        A       | 2023-03-06    | 200                 | M
        mi_catalogue
        med_list_codg | kind
        M             | mortuary
        """,
        excluded("MORTUARY_ITEMS", "review_list"),
    ),
    Case(
        T("次日尸体料理之外的药品仍算", "A drug beside mortuary care is still flagged"),
        DEAD + """
        mi_settlement
        setl_id | certno | begntime   | fund_pay_sumamt
        A       | P1     | 2023-03-06 | 90
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt | med_list_codg
        A       | 2023-03-06    | 200                 | M
        A       | 2023-03-06    | 100                 | X
        mi_catalogue
        med_list_codg | kind
        M             | mortuary
        X             | drug
        """,
        "P1 | 2023-03-05 | clue | MORTUARY_ITEMS | 30.00 | 0.00 | M",
    ),
    Case(
        T("第二日的尸体料理仍算", "Mortuary care two days after is flagged"),
        DEAD + """
        mi_settlement
        setl_id | certno | begntime   | fund_pay_sumamt
        A       | P1     | 2023-03-07 | 90
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt | med_list_codg
        A       | 2023-03-07    | 200                 | M
        mi_catalogue
        med_list_codg | kind
        M             | mortuary
        """,
        "P1 | 2023-03-05 | clue | | 90.00 | 0.00 | M",
    ),
    Case(
        T("两来源相差四日以上, 其间待核", "Dates far apart: services between wait"),
        DEAD + """
        death_police
        certno | cancel_date | death_date | reason
        P1     | 2023-04-20  | 2023-04-20 |
        """ + SOLD.replace("2023-03-09", "2023-03-20"),
        excluded("PENDING_DEATH_DATE", "review_list", "2023-04-20"),
    ),
    Case(
        T("较晚日期之后仍为线索", "After the later of them it is a clue"),
        DEAD + """
        death_police
        certno | cancel_date | death_date | reason
        P1     | 2023-04-20  | 2023-04-20 |
        """ + SOLD.replace("2023-03-09", "2023-04-21"),
        "P1 | 2023-04-20 | clue | | 80.00 | 20.00 | M",
    ),
    Case(
        T("仅有注销或火化日期", "Only registration and cremation dates"),
        """
        death_police
        certno | cancel_date | reason
        P1     | 2023-03-06  | 死亡
        death_civil
        certno | cremation_date
        P1     | 2023-03-05
        """ + SOLD,
        excluded("ONLY_UPPER_BOUND", "review_list"),
    ),
    Case(
        T("早于界限者不是候选", "Before the bound nothing is a candidate"),
        """
        death_civil
        certno | cremation_date
        P1     | 2023-03-05
        mi_settlement
        certno | begntime   | setl_time  | fund_pay_sumamt
        P1     | 2023-03-01 | 2023-03-09 | 10
        """,
        "none",
    ),
    Case(
        T("基金和账户均未支付", "Paid neither by fund nor by account"),
        DEAD + """
        mi_settlement
        certno | begntime   | medfee_sumamt
        P1     | 2023-03-09 | 50
        """,
        excluded("NO_PAYMENT", "review_list"),
    ),
    Case(
        T("未归集离院方式则降级", "Without ways of discharge one step lower"),
        DEAD + SOLD, CLUE.replace("| M", "| L"), lacks=("mi_inpatient",),
        untested=("SAME_STAY",),
    ),
)


SOLD_MISTYPED = """
mi_settlement
certno | psn_name   | begntime         | fund_pay_sumamt | acct_pay
       | name of P1 | 2023-03-09 10:00 | 80.00           | 20.00
"""
DEAD_MISTYPED = """
death_health
cert_no | certno | psn_name   | death_time
D1      |        | name of P1 | 2023-03-05 14:00
"""


def linked(row: str, tier: str = "T2") -> str:
    return f"""
links
row | person | tier
{row} | P1 | {tier}
"""


CASES += (
    Case(T("结算错号, 无关联", "The sale's number is mistyped, no link"),
         DEAD + SOLD_MISTYPED, "none"),
    Case(
        T("结算错号经修复关联", "The sale's mistyped number is repaired"),
        DEAD + SOLD_MISTYPED + linked("mi_settlement:1"),
        excluded("LINK_BELOW_T1", "review_list"),
    ),
    Case(
        T("人工已确认结算的关联", "A person has confirmed the sale's link"),
        DEAD + SOLD_MISTYPED + linked("mi_settlement:1", "T1"), CLUE,
    ),
    Case(T("死亡证明错号, 无关联", "The certificate's number is mistyped, no link"),
         DEAD_MISTYPED + SOLD, "none"),
    Case(
        T("死亡证明错号经修复关联", "The certificate's mistyped number is repaired"),
        DEAD_MISTYPED + SOLD + linked("death_health:1"),
        excluded("LINK_BELOW_T1", "review_list"),
    ),
    Case(
        T("另一来源以正确证件给出同日死亡", "Another source gives the same day under the number"),
        DEAD_MISTYPED + SOLD + linked("death_health:1") + """
        death_police
        certno | cancel_date | death_date
        P1     | 2023-03-08  | 2023-03-05
        """,
        CLUE,
    ),
    Case(
        T("死亡日期仅由错号证明推迟", "The mistyped certificate alone moves the day"),
        DEAD_MISTYPED + SOLD + linked("death_health:1") + """
        death_police
        certno | cancel_date | death_date
        P1     | 2023-03-08  | 2023-03-04
        """,
        excluded("LINK_BELOW_T1", "review_list"),
    ),
)

@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, death_card, engine)


SPECIFIED = (death_card, {"": CASES})
