"""Medical insurance fund supervision: the table of contents."""

from pathlib import Path

from clew.declare import Library, Owner, Pack, T, load_legal
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.derived import DERIVED
from clew.packs.medical_insurance.detectors import DETECTORS
from clew.packs.medical_insurance.indicators import INDICATORS
from clew.packs.medical_insurance.lifecycles import LIFECYCLES
from clew.packs.medical_insurance.sample import sample

_HERE = Path(__file__).parent

PACK = Pack(
    name="medical_insurance",
    title=T("医保基金监管", "Medical insurance fund supervision"),
    owners=(
        Owner("insurance", T("医保局", "Healthcare Security Bureau")),
        Owner("health", T("卫健委", "Health Commission")),
        Owner("police", T("公安局", "Public Security Bureau")),
        Owner("civil", T("民政局", "Civil Affairs Bureau")),
        Owner("court", T("法院", "Court")),
        Owner("tax", T("税务局", "Tax Bureau")),
        Owner("labour", T("人社局", "Human Resources and Social Security Bureau")),
        Owner("market", T("市场监管局", "Market Supervision Bureau")),
        Owner("procuratorate", T("检察院", "Procuratorate")),
        Owner("audit", T("审计局", "Audit Bureau")),
        Owner("finance", T("财政局", "Finance Bureau")),
    ),
    datasets=DATASETS,
    derived=DERIVED,
    detectors=DETECTORS,
    indicators=INDICATORS,
    legal=load_legal(_HERE / "legal.toml"),
    mappings=_HERE / "mappings",
    sample=sample,
    lifecycles=LIFECYCLES,
    focus={
        "orthopaedics": T("骨科", "orthopaedics"),
        "cardiology": T("心血管内科", "cardiology"),
        "examination": T("检查", "examinations"),
        "laboratory": T("检验", "laboratory tests"),
        "rehabilitation": T("康复理疗", "rehabilitation"),
    },
    library=Library("mi_case_library", "tag", ("certno", "fixmedins_code", "emp_uscc")),
)
