from clew.declare import Dataset, T
from clew.packs.medical_insurance.datasets import common


class Resident(Dataset):
    """One row is one spell in which a person belongs to a registered programme."""

    name = "mi_resident"
    title = T("项目人员", "Members of a programme")
    synonyms = ("养老机构入住名单", "入住人员")
    owners = ("医保局",)
    key = ("prog_id", "certno", "start_date")
    main_date = "start_date"

    prog_id = common.prog_id()
    certno = common.certno(psn_name="psn_name")
    start_date = common.start_date("入住日期", en="Moved in on")

    end_date = common.end_date()
    psn_name = common.psn_name(required=False)
