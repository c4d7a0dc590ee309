"""The contracts of the medical insurance pack, one a module."""

from clew.packs.medical_insurance.datasets.civil_marriage import CivilMarriage
from clew.packs.medical_insurance.datasets.court_death import CourtDeath
from clew.packs.medical_insurance.datasets.death_civil import DeathCivil
from clew.packs.medical_insurance.datasets.death_health import DeathHealth
from clew.packs.medical_insurance.datasets.death_police import DeathPolice
from clew.packs.medical_insurance.datasets.mi_binding import Binding
from clew.packs.medical_insurance.datasets.mi_border import Border
from clew.packs.medical_insurance.datasets.mi_catalogue import Catalogue
from clew.packs.medical_insurance.datasets.mi_dept import Dept
from clew.packs.medical_insurance.datasets.mi_diagnosis import Diagnosis
from clew.packs.medical_insurance.datasets.mi_fee import Fee
from clew.packs.medical_insurance.datasets.mi_filing import Filing
from clew.packs.medical_insurance.datasets.mi_inpatient import Inpatient
from clew.packs.medical_insurance.datasets.mi_institution import Institution
from clew.packs.medical_insurance.datasets.mi_leave import Leave
from clew.packs.medical_insurance.datasets.mi_operation import Operation
from clew.packs.medical_insurance.datasets.mi_person import Person
from clew.packs.medical_insurance.datasets.mi_programme import Programme
from clew.packs.medical_insurance.datasets.mi_settlement import Settlement
from clew.packs.medical_insurance.datasets.police_person import PolicePerson
from clew.packs.medical_insurance.datasets.tax_wage import TaxWage

DATASETS = (
    Settlement,
    Fee,
    Inpatient,
    Diagnosis,
    Operation,
    Leave,
    Person,
    Binding,
    Filing,
    Programme,
    Institution,
    Dept,
    Catalogue,
    DeathHealth,
    DeathPolice,
    DeathCivil,
    CourtDeath,
    PolicePerson,
    CivilMarriage,
    Border,
    TaxWage,
)

__all__ = ["DATASETS"]
