from clew.declare import Cluster, Column, Dataset, T
from clew.declare.types import CaseNumber, Date, Flag, Money, Month
from clew.packs.medical_insurance.datasets import common


class Contribution(Dataset):
    """One row is one person's contribution base at one employer in one month, regular or paid
    afterwards.
    """

    name = "si_contribution"
    title = T("社保缴费", "Contributions")
    synonyms = ("缴费明细", "缴费基数")
    owners = ("税务局", "人社局")
    key = ("certno", "emp_uscc", "month", "supp_flag")
    main_date = "month"
    cluster = Cluster("certno", "month")
    fresh_days = 62

    certno = common.certno(psn_name="psn_name")
    emp_uscc = common.emp_uscc(required=True)
    month = Column(Month(), "缴费年月/费款所属期/所属月份", en="Month", required=True)
    base = Column(Money(), "缴费基数/申报基数", en="Base of the contribution", required=True)

    psn_name = common.psn_name(required=False)
    arrival_date = Column(Date(), "到账日期", en="Received on")
    supp_flag = Column(Flag(), "补缴标志", en="Paid afterwards", default="0")
    court_doc_no = Column(CaseNumber(), "裁判文书号", en="Judgment that ordered the payment")
