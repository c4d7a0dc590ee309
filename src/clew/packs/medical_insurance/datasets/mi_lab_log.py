from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Flag, Text, Timestamp
from clew.packs.medical_insurance.datasets import common

SYSTEMS = {
    "LIS": "检验系统/检验信息系统",
    "PACS": "影像系统/影像归档系统",
    "EMR": "电子病历/病历系统",
}
RESULTS = {
    "ok": "正常/成功",
    "image_failed": "图像失败/图像不合格",
    "cancelled": "取消/已取消",
}


class LabLog(Dataset):
    """One row is one examination or test as the hospital's own system logged it."""

    name = "mi_lab_log"
    title = T("检查检验日志", "LIS, PACS, EMR rows")
    synonyms = ("报告日志", "检验检查记录")
    owners = ("卫健委",)
    key = ("report_id",)
    moment = "report_time"
    main_date = "exam_time"
    fresh_days = 31

    report_id = Column(Text(), "报告编号/报告单号", en="Report number", required=True)
    fixmedins_code = common.fixmedins_code(required=True)
    system = Column(Code(SYSTEMS), "来源系统", en="System", required=True)
    med_list_codg = common.med_list_codg(required=True)
    exam_time = Column(Timestamp(), "检查时间/检验时间", en="Examined at", required=True)

    mdtrt_id = common.mdtrt_id(required=False)
    certno = common.certno(required=False)
    device_no = common.device_no()
    report_time = Column(Timestamp(), "报告时间", en="Reported at")
    cnt = common.cnt()
    positive = Column(Flag(), "阳性", en="Positive")
    region = common.region()
    protocol = Column(Text(), "序列/方案", en="Sequence or protocol")
    contrast = Column(Flag(), "使用造影剂", en="Contrast medium used")
    result_status = Column(Code(RESULTS), "结果状态", en="State of the result")
