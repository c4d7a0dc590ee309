from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Flag
from clew.packs.medical_insurance.datasets import common


class Practice(Dataset):
    """One row is one spell in which a member of staff may practise at one institution."""

    name = "mi_practice"
    title = T("执业地点", "Practice points")
    synonyms = ("执业注册", "多点执业备案")
    owners = ("卫健委",)
    mode = REGISTER
    key = ("staff_codg", "fixmedins_code", "start_date")
    main_date = "start_date"

    staff_codg = common.staff_codg()
    fixmedins_code = common.fixmedins_code(required=True)
    start_date = common.start_date()

    end_date = common.end_date()
    multi_site_flag = Column(Flag(), "多点执业备案", en="Filed as one of several sites")
