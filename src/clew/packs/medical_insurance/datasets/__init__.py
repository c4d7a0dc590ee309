"""The contracts of the medical insurance pack, one a module."""

from clew.packs.medical_insurance.datasets.audit_problem import AuditProblem
from clew.packs.medical_insurance.datasets.civil_marriage import CivilMarriage
from clew.packs.medical_insurance.datasets.court_death import CourtDeath
from clew.packs.medical_insurance.datasets.death_civil import DeathCivil
from clew.packs.medical_insurance.datasets.death_health import DeathHealth
from clew.packs.medical_insurance.datasets.death_police import DeathPolice
from clew.packs.medical_insurance.datasets.epi_season import Season
from clew.packs.medical_insurance.datasets.fiscal_refund import FiscalRefund
from clew.packs.medical_insurance.datasets.kin import Kin
from clew.packs.medical_insurance.datasets.market_drug_case import DrugCase
from clew.packs.medical_insurance.datasets.mi_absence import Absence
from clew.packs.medical_insurance.datasets.mi_agreement import Agreement
from clew.packs.medical_insurance.datasets.mi_benefit import Benefit
from clew.packs.medical_insurance.datasets.mi_binding import Binding
from clew.packs.medical_insurance.datasets.mi_border import Border
from clew.packs.medical_insurance.datasets.mi_case_library import CaseLibrary
from clew.packs.medical_insurance.datasets.mi_catalogue import Catalogue
from clew.packs.medical_insurance.datasets.mi_code_list import CodeList
from clew.packs.medical_insurance.datasets.mi_complaint import Complaint
from clew.packs.medical_insurance.datasets.mi_custody import Custody
from clew.packs.medical_insurance.datasets.mi_dept import Dept
from clew.packs.medical_insurance.datasets.mi_device import Device
from clew.packs.medical_insurance.datasets.mi_diagnosis import Diagnosis
from clew.packs.medical_insurance.datasets.mi_drug import Drug
from clew.packs.medical_insurance.datasets.mi_drug_indication import DrugIndication
from clew.packs.medical_insurance.datasets.mi_expert import Expert
from clew.packs.medical_insurance.datasets.mi_fee import Fee
from clew.packs.medical_insurance.datasets.mi_filing import Filing
from clew.packs.medical_insurance.datasets.mi_implant import Implant
from clew.packs.medical_insurance.datasets.mi_inpatient import Inpatient
from clew.packs.medical_insurance.datasets.mi_institution import Institution
from clew.packs.medical_insurance.datasets.mi_item_pair import ItemPair
from clew.packs.medical_insurance.datasets.mi_lab_log import LabLog
from clew.packs.medical_insurance.datasets.mi_leave import Leave
from clew.packs.medical_insurance.datasets.mi_maternity import Maternity
from clew.packs.medical_insurance.datasets.mi_operation import Operation
from clew.packs.medical_insurance.datasets.mi_participation import Participation
from clew.packs.medical_insurance.datasets.mi_person import Person
from clew.packs.medical_insurance.datasets.mi_practice import Practice
from clew.packs.medical_insurance.datasets.mi_price_limit import PriceLimit
from clew.packs.medical_insurance.datasets.mi_programme import Programme
from clew.packs.medical_insurance.datasets.mi_resident import Resident
from clew.packs.medical_insurance.datasets.mi_settlement import Settlement
from clew.packs.medical_insurance.datasets.mi_staff import Staff
from clew.packs.medical_insurance.datasets.mi_stock import Stock
from clew.packs.medical_insurance.datasets.mi_theatre import Theatre
from clew.packs.medical_insurance.datasets.org_registry import Registry
from clew.packs.medical_insurance.datasets.org_tax import OrgTax
from clew.packs.medical_insurance.datasets.police_person import PolicePerson
from clew.packs.medical_insurance.datasets.si_contribution import Contribution
from clew.packs.medical_insurance.datasets.tax_wage import TaxWage
from clew.packs.medical_insurance.datasets.traffic_accident import Accident
from clew.packs.medical_insurance.datasets.work_injury import WorkInjury

DATASETS = (
    Settlement,
    Fee,
    Inpatient,
    Diagnosis,
    Operation,
    Leave,
    Person,
    Participation,
    Binding,
    Filing,
    Programme,
    Resident,
    Benefit,
    Institution,
    Dept,
    Agreement,
    Staff,
    Practice,
    Absence,
    Device,
    Stock,
    Catalogue,
    PriceLimit,
    ItemPair,
    Drug,
    DrugIndication,
    CodeList,
    Theatre,
    Implant,
    LabLog,
    DeathHealth,
    DeathPolice,
    DeathCivil,
    CourtDeath,
    PolicePerson,
    CivilMarriage,
    Border,
    TaxWage,
    Contribution,
    Registry,
    OrgTax,
    Maternity,
    Kin,
    Custody,
    Accident,
    WorkInjury,
    CaseLibrary,
    Complaint,
    Season,
    AuditProblem,
    FiscalRefund,
    DrugCase,
    Expert,
)

__all__ = ["DATASETS"]
