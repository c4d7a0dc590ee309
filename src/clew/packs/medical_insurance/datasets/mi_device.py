from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Integer, Text
from clew.packs.medical_insurance.datasets import common


class Device(Dataset):
    """One row is one device of an institution from its first to its last day of use."""

    name = "mi_device"
    title = T("设备信息", "Devices")
    synonyms = ("大型设备", "医疗设备台账")
    owners = ("卫健委",)
    mode = REGISTER
    key = ("fixmedins_code", "device_no")
    main_date = "start_date"

    fixmedins_code = common.fixmedins_code(required=True)
    device_no = common.device_no(required=True)
    start_date = common.start_date("启用日期", en="In use from")

    reg_no = Column(Text(), "注册证号", en="Registration number")
    modality = common.modality()
    minutes = Column(Integer(), "每例分钟", en="Minutes a case")
    end_date = common.end_date("停用日期/报废日期", en="In use until")
