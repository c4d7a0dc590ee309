from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, Date, Flag, PersonName, Text
from clew.packs.medical_insurance.datasets import common

ROLES = {
    "doctor": "医师/医生",
    "nurse": "护士/护理人员",
    "therapist": "治疗师/康复治疗师",
    "technician": "技师/医技人员",
    "pharmacist": "药师/药剂师",
}


class Staff(Dataset):
    """One row is one doctor, nurse, therapist, technician or pharmacist, with the licence held."""

    name = "mi_staff"
    title = T("医护人员", "Doctors, nurses, therapists")
    synonyms = ("医师信息", "卫技人员")
    owners = ("卫健委",)
    mode = REGISTER
    key = ("staff_codg",)

    staff_codg = common.staff_codg()
    name_ = Column(PersonName(), "姓名", en="Name", required=True)
    role = Column(Code(ROLES), "人员类别/岗位", en="Profession", required=True)

    certno = common.certno(required=False, psn_name="name")
    licence_no = Column(Text(), "执业证号", en="Licence number")
    scope = Column(Text(), "执业范围", en="Scope of practice")
    licence_from = Column(Date(), "发证日期", en="Licence issued on")
    licence_to = Column(Date(), "注销日期", en="Licence cancelled on")
    retire_date = Column(Date(), "退休日期", en="Retired on")
    assistant_flag = Column(Flag(), "助理标志", en="Assistant")
