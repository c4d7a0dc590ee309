from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Decimal, Integer, Money, Text, Timestamp
from clew.packs.medical_insurance.datasets import common


class Fee(Dataset):
    """One row is one charged line of a settlement: a drug, a consumable or a service item."""

    name = "mi_fee"
    title = T("费用明细", "Fee lines")
    synonyms = ("处方明细", "收费明细")
    owners = ("医保局",)
    key = ("setl_id", "feedetl_sn")
    main_date = "fee_ocur_time"
    fresh_days = 31

    setl_id = common.setl_id()
    feedetl_sn = Column(
        Text(), "费用明细流水号/明细序号/处方明细号", en="Line number", required=True
    )
    fee_ocur_time = Column(
        Timestamp(), "费用发生时间/费用日期/收费时间", en="Incurred at", required=True
    )
    med_list_codg = common.med_list_codg(required=True)
    cnt = common.cnt(required=True)
    det_item_fee_sumamt = Column(
        Money(), "明细项目费用总额/金额/费用金额", en="Amount of the line", required=True
    )

    medins_list_codg = Column(Text(), "院内编码/医药机构目录编码", en="The institution's own code")
    item_name = common.item_name()
    list_type = common.list_type()
    unit = common.unit()
    pric = Column(Decimal(), "单价/价格", en="Unit price in yuan")
    fund_scope_amt = Column(Money(), "符合政策范围金额/纳入报销金额", en="Within the fund's scope")
    bilg_dept_codg = Column(Text(), "开单科室编码/开单科室", en="Ordering department")
    bilg_dr_codg = Column(Text(), "开单医师编码/开单医生", en="Ordering doctor")
    exec_dr_codg = Column(Text(), "执行人编码/执行医师/治疗师", en="Carried out by")
    sin_dos_dscr = Column(Text(), "单次剂量描述", en="Single dose as written")
    used_frqu_dscr = Column(Text(), "使用频次描述", en="Frequency as written")
    prd_days = Column(Integer(), "用药天数/周期天数", en="Days supplied")
    drug_trac_codg = Column(Text(), "药品追溯码", en="Drug trace code")
    udi = common.udi()
    device_no = common.device_no()
    body_site = Column(Text(), "部位/检查部位", en="Body site")
    incision_no = Column(Integer(), "切口号/切口", en="Incision")
    sess_no = Column(Text(), "治疗单元/治疗场次", en="Session")
    fee_endtime = Column(Timestamp(), "结束时间/监护结束", en="Ended at")
    bear_type = Column(
        Code({"1": "患者和基金", "2": "科研项目", "3": "免费提供"}),
        "费用承担/减免标志",
        en="Who bears the cost",
    )
