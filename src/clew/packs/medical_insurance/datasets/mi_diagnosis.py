from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Date, DiagnosisName, Integer
from clew.packs.medical_insurance.datasets import common


class Diagnosis(Dataset):
    """One row is one diagnosis of a visit."""

    name = "mi_diagnosis"
    title = T("诊断信息", "Diagnoses of a visit")
    synonyms = ("诊断明细", "出院诊断")
    owners = ("医保局",)
    key = ("mdtrt_id", "diag_srt_no")
    main_date = "diag_date"
    fresh_days = 31

    mdtrt_id = common.mdtrt_id()
    diag_srt_no = Column(Integer(), "诊断序号/诊断排序号", en="Order", required=True)
    diag_type = Column(
        Code({"1": "主要诊断", "2": "其他诊断/次要诊断", "3": "入院诊断"}),
        "诊断类别/诊断类型",
        en="Kind of diagnosis",
        required=True,
    )
    diag_code = common.diag_code(required=True)

    diag_name = Column(DiagnosisName(), "诊断名称", en="Diagnosis")
    adm_cond = Column(
        Code({"1": "有", "2": "临床未确定", "3": "情况不明", "4": "无"}),
        "入院病情",
        en="Present on admission",
    )
    diag_date = Column(Date(), "诊断日期", en="Diagnosed on")
    cc_level = Column(
        Code({"MCC": "严重并发症", "CC": "一般并发症", "none": "无"}),
        "并发症级别",
        en="Level of complication",
    )
