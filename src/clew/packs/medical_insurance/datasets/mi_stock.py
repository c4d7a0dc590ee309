from clew.declare import Column, Dataset, T
from clew.declare.types import Date, Decimal, Flag, Integer, OrgCode, Text
from clew.packs.medical_insurance.datasets import common


class Stock(Dataset):
    """One row is one line of what an institution held, bought and issued of a code in a period.

    A period with several purchases has several lines: the opening stock counts on the first and
    the closing stock on the last of them, the other quantities add up.
    """

    name = "mi_stock"
    title = T("进销存", "Purchase, sale, stock")
    synonyms = ("购销存", "库存台账")
    owners = ("市场监管局",)
    key = ("fixmedins_code", "med_list_codg", "start_date", "line_no")
    # What a period held is known when it is over.
    main_date = "end_date"
    fresh_days = 93

    fixmedins_code = common.fixmedins_code(required=True)
    med_list_codg = common.med_list_codg(required=True)
    start_date = common.start_date("期间起", en="Period from")
    end_date = common.end_date("期间止", en="Period until", required=True)
    open_cnt = Column(Decimal(), "期初库存", en="Opening stock", required=True)
    purc_cnt = Column(Decimal(), "购进数量/采购数量", en="Quantity purchased", required=True)
    close_cnt = Column(Decimal(), "期末库存", en="Closing stock", required=True)

    line_no = Column(Integer(), "行号/明细序号", en="Line", default="1")
    stock_unit = Column(Text(), "库存单位", en="Unit of stock")
    issue_cnt = Column(Decimal(), "出库数量", en="Quantity issued")
    purc_pric = Column(Decimal(), "购进单价", en="Purchase price in yuan")
    pack_factor = Column(Decimal(), "包装系数", en="Small units in one unit of stock")
    transfer_cnt = Column(Decimal(), "院区调拨", en="Transferred in between campuses")
    transfer_doc = Column(Text(), "调拨单号", en="Document of the transfer")
    donated_cnt = Column(Decimal(), "捐赠数量", en="Quantity donated")
    stocktake_date = Column(Date(), "盘点日期", en="Stock taken on")
    reimb_flag = Column(Flag(), "可报销", en="Reimbursable")
    item_name = common.item_name()
    supplier_uscc = Column(OrgCode(), "供货单位代码", en="Credit code of the supplier")
    invo_no = common.invo_no()
