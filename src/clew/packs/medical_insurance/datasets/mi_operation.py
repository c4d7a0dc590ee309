from clew.declare import Column, Dataset, T
from clew.declare.types import Date, Flag, Integer, Text, Timestamp
from clew.declare.types import Operation as OperationCode
from clew.packs.medical_insurance.datasets import common


class Operation(Dataset):
    """One row is one operation or procedure of a visit."""

    name = "mi_operation"
    title = T("手术操作信息", "Operations of a visit")
    synonyms = ("手术明细", "手术记录")
    owners = ("医保局",)
    key = ("mdtrt_id", "oprn_srt_no")
    main_date = "oprn_date"
    fresh_days = 31

    mdtrt_id = common.mdtrt_id()
    oprn_srt_no = Column(Integer(), "手术序号", en="Order", required=True)
    oprn_code = Column(OperationCode(), "手术操作代码/手术编码", en="Operation code", required=True)
    oprn_date = Column(Date(), "手术日期/手术操作日期", en="Operated on", required=True)

    oprn_name = Column(Text(), "手术名称", en="Operation")
    oprn_begntime = Column(Timestamp(), "手术开始时间", en="Begin")
    oprn_endtime = Column(Timestamp(), "手术结束时间", en="End")
    oper_dr_codg = common.oper_dr_codg()
    anst_dr_codg = Column(Text(), "麻醉医师编码", en="Anaesthetist")
    anst_way = Column(Text(), "麻醉方式", en="Anaesthesia")
    side = common.side()
    main_flag = Column(Flag(), "主手术标志", en="Main operation")
    staged_flag = Column(Flag(), "分期手术", en="Staged operation")
