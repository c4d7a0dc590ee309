from typing import ClassVar

from clew.declare import Cluster, Column, Compare, Dataset, Reversal, T
from clew.declare.types import (
    Code,
    Diagnosis,
    DiagnosisName,
    Flag,
    Money,
    OrgName,
    PersonId,
    Text,
    Timestamp,
)
from clew.packs.medical_insurance.datasets import common

MED_TYPES = {
    "11": "普通门诊/门诊",
    "12": "挂号/门诊挂号",
    "13": "急诊",
    "14": "门诊慢特病/慢特病门诊",
    "19": "意外伤害门诊",
    "21": "普通住院/住院",
    "22": "外伤住院",
    "23": "转外住院/转外诊治住院",
    "24": "急诊转住院",
    "41": "定点药店购药/药店购药/药店",
    "51": "生育门诊",
    "52": "生育住院",
    "53": "计划生育/计划生育手术费",
}


class Settlement(Dataset):
    """One row is one settlement of a visit or a purchase between fund, account and patient."""

    name = "mi_settlement"
    title = T("结算信息", "Settlements")
    synonyms = ("结算明细", "就诊记录")
    owners = ("医保局",)
    key = ("setl_id",)
    cluster = Cluster("certno", "begntime")
    moment = "upload_time"
    main_date = "begntime"
    fresh_days = 31
    may_lack: ClassVar[dict[str, str]] = {"certno": "psn_no"}
    compare = (Compare("medfee_sumamt", "mi_fee", "det_item_fee_sumamt", on="setl_id"),)
    reversal = Reversal(flag="refd_setl_flag", original="init_setl_id")

    setl_id = common.setl_id()
    mdtrt_id = common.mdtrt_id()
    certno = common.certno(psn_name="psn_name", psn_cert_type="psn_cert_type", psn_no="psn_no")
    psn_name = common.psn_name()
    fixmedins_code = common.fixmedins_code(required=True)
    med_type = Column(
        Code(MED_TYPES, open_list=True),
        "医疗类别/就诊类型/医疗类型",
        en="Type of care",
        required=True,
    )
    begntime = Column(Timestamp(), "开始时间/就诊时间/入院时间", en="Begin", required=True)
    setl_time = Column(
        Timestamp(), "结算时间/结算日期/费用结算时间", en="Settled at", required=True
    )
    medfee_sumamt = Column(Money(), "医疗费总额/总费用/费用总额", en="Total", required=True)
    fund_pay_sumamt = Column(
        Money(), "基金支付总额/基金支付/统筹支付合计", en="Paid by the funds", required=True
    )
    acct_pay = Column(
        Money(),
        "个人账户支出/个账支付/账户支付",
        en="Paid from the personal account",
        required=True,
    )

    psn_no = common.psn_no()
    psn_cert_type = common.psn_cert_type()
    gend = common.gend()
    brdy = common.brdy()
    insutype = common.insutype()
    psn_type = common.psn_type()
    fixmedins_name = Column(
        OrgName(), "定点医药机构名称/机构名称/医院名称", en="Name of the institution"
    )
    endtime = Column(Timestamp(), "结束时间/出院时间", en="End")
    refd_setl_flag = Column(Flag(), "退费结算标志/冲销标志/红冲标志", en="Reversing row")
    init_setl_id = Column(Text(), "原结算ID/原结算编号", en="Settlement reversed")
    dise_codg = Column(Diagnosis(), "病种编码/主要诊断编码/诊断代码", en="Main diagnosis code")
    dise_name = Column(DiagnosisName(), "病种名称/主要诊断", en="Main diagnosis")
    hifp_pay = Column(Money(), "统筹基金支出/统筹支付", en="Paid by the pooled fund")
    maf_pay = Column(Money(), "医疗救助支出/救助支付", en="Paid by medical assistance")
    acct_mulaid_pay = Column(
        Money(), "共济账户支付/家庭共济支付", en="Paid from a relative's account"
    )
    acct_owner_certno = Column(
        PersonId(), "账户所有人证件号/共济授权人证件号/付款人证件号", en="Owner of that account"
    )
    psn_cash_pay = Column(Money(), "个人现金支出/现金支付", en="Paid in cash")
    psn_part_amt = Column(Money(), "个人负担总金额/个人自付", en="Borne by the patient")
    mdtrt_cert_type = Column(
        Code({"01": "电子凭证/医保电子凭证", "02": "身份证/居民身份证", "03": "社保卡/社会保障卡"}),
        "就诊凭证类型/凭证类型",
        en="Voucher shown",
    )
    verify_mode = Column(
        Code({"face": "人脸/刷脸", "password": "密码", "none": "无/未核验"}),
        "核验方式/身份核验方式/刷脸标志",
        en="How the person was verified",
    )
    terminal_no = Column(Text(), "终端编号/POS编号", en="Terminal")
    upload_time = Column(Timestamp(), "上传时间", en="Uploaded at")
    offline_flag = Column(Flag(), "脱机标志/补录标志", en="Entered later offline")
    internet_flag = Column(Flag(), "互联网复诊/线上复诊", en="Seen again online")
    emer_flag = common.emer_flag()
    atddr_no = Column(Text(), "接诊医师编码/就诊医师", en="Doctor in charge")
    tel = common.tel()
    referrer = common.referrer()
    setl_way = Column(
        Code({"1": "联网结算/联网", "2": "手工报销/手工", "3": "异地联网结算/异地联网"}),
        "结算方式/报销方式",
        en="Way of settlement",
    )
    invo_no = common.invo_no()
