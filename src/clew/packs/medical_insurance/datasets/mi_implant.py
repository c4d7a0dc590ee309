from clew.declare import Column, Dataset, T
from clew.declare.types import Integer, Text
from clew.packs.medical_insurance.datasets import common


class Implant(Dataset):
    """One row is one implant of a visit, with the facts of the bone it went into."""

    name = "mi_implant"
    title = T("植入物登记", "Implants and bone facts")
    synonyms = ("骨科植入信息", "耗材登记")
    owners = ("卫健委",)
    key = ("mdtrt_id", "impl_srt_no")

    mdtrt_id = common.mdtrt_id()
    impl_srt_no = Column(Integer(), "序号", en="Order", required=True)
    med_list_codg = common.med_list_codg(required=True)

    udi = common.udi()
    cnt = common.cnt()
    plate_holes = Column(Integer(), "钢板孔数", en="Holes of the plate")
    fused_vertebrae = Column(Integer(), "融合椎体数", en="Vertebrae fused")
    side = common.side()
    free_reason = Column(Text(), "免费原因", en="Reason for no charge")
