"""GB 11643 numbers, documents of persons. All numbers are invented or printed in the standard."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from clew.kernel import identifiers as ids
from clew.kernel.errors import ClewError

AS_OF = date(2023, 10, 31)
GOOD = "330324196803128050"
COUNTIES = ("330302", "330323", "330383", "110105", "441900", "330322")


def make(county: str, born: date, sequence: int) -> str:
    first17 = f"{county}{born:%Y%m%d}{sequence:03d}"
    return first17 + ids.check_character(first17)


citizens = st.builds(
    make,
    st.sampled_from(COUNTIES),
    st.dates(date(1900, 1, 1), AS_OF),
    st.integers(800, 995),
)


@pytest.mark.parametrize(
    ("text", "normal", "repaired"),
    [
        ("11010519491231002X", "11010519491231002X", ""),
        ("110105491231002", "11010519491231002X", "D01"),
        ("330324680312805", GOOD, "D01"),
        ("330323196803128118", "330323196803128118", ""),
        ("330302980101998", "330302189801019981", "D01"),
        ("11010519491231002x", "11010519491231002X", "D01"),
        ("３３０３２４１９６８０３１２８０５０", GOOD, "D01"),
        ("330324 19680312 8050", GOOD, "D01"),
        ("330324\u00a01968\u200b0312\u30008050", GOOD, "D01"),
        ("\ufeff" + GOOD, GOOD, "D01"),
        ("'" + GOOD, GOOD, "D01"),
        ("＇" + GOOD, GOOD, "D01"),
        ("‘" + GOOD, GOOD, "D01"),
        (GOOD + "´", GOOD, "D01"),
        (GOOD + ".0", GOOD, "D01"),
        (" " + GOOD + "\t", GOOD, "D01"),
    ],
)
def test_accepted_citizen_numbers(text: str, normal: str, repaired: str) -> None:
    checked = ids.citizen_id(text, as_of=AS_OF)
    assert (checked.ok, checked.normal, checked.reason) == (True, normal, "")
    assert checked.repaired == repaired


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("330324196803128O50", "SHAPE"),
        ("330324196803128051", "CHECK_DIGIT"),
        ("3.30324E+17", "D01_PRECISION_LOST"),
        ("3.3032419680312803e+17", "D01_PRECISION_LOST"),
        ("3.30324E17", "D01_PRECISION_LOST"),
        ("330324196803128000", "D01_PRECISION_LOST"),
        ("330324196803128000.0", "D01_PRECISION_LOST"),
        ("33032419680312805", "SHAPE"),
        ("", "EMPTY"),
        ("   ", "EMPTY"),
        (None, "EMPTY"),
        ("111111111111111111", "D03_PLACEHOLDER"),
        ("111111111111111", "D03_PLACEHOLDER"),
        ("999999999999999999", "D03_PLACEHOLDER"),
        ("000000000000000000", "D03_PLACEHOLDER"),
        ("0", "D03_PLACEHOLDER"),
        ("无", "D03_PLACEHOLDER"),
        ("不 详", "D03_PLACEHOLDER"),
        ("未知", "D03_PLACEHOLDER"),
        ("空", "D03_PLACEHOLDER"),
        ("null", "D03_PLACEHOLDER"),
        ("-", "D03_PLACEHOLDER"),
        ("——", "D03_PLACEHOLDER"),
    ],
)
def test_refused_citizen_numbers(text: str | None, reason: str) -> None:
    checked = ids.citizen_id(text, as_of=AS_OF)
    assert (checked.ok, checked.normal, checked.reason) == (False, None, reason)


def test_division_and_birth_date_are_judged_after_the_check() -> None:
    assert ids.citizen_id(make("999999", date(1968, 3, 12), 805), as_of=AS_OF).reason == "DIVISION"
    assert ids.citizen_id(make("330000", date(1968, 3, 12), 805), as_of=AS_OF).reason == "DIVISION"
    unborn = make("330302", AS_OF + timedelta(days=1), 805)
    assert ids.citizen_id(unborn, as_of=AS_OF).reason == "BIRTH_DATE"
    assert ids.citizen_id(make("330302", AS_OF, 805), as_of=AS_OF).ok
    first17 = "33030219680230805"
    number = first17 + ids.check_character(first17)
    assert ids.citizen_id(number, as_of=AS_OF).reason == "BIRTH_DATE"
    assert ids.citizen_id("330302680230805", as_of=AS_OF).reason == "BIRTH_DATE"


def test_fifteen_digits_become_eighteen_for_a_hundred_thousand_numbers() -> None:
    draw = random.Random(11643)
    first = date(1900, 1, 1)
    for _ in range(100_000):
        born = first + timedelta(days=draw.randrange(36_500))
        sequence = draw.randrange(1, 1000)
        old = f"{draw.choice(COUNTIES)}{born:%y%m%d}{sequence:03d}"
        century = 18 if sequence >= 996 else 19
        checked = ids.citizen_id(old, as_of=AS_OF)
        if century == 18 and old[6:12] == "000229":  # 1800 was no leap year, as 1900
            assert checked.reason == "BIRTH_DATE"
            continue
        assert checked.normal is not None
        assert checked.repaired == "D01"
        assert checked.normal[:6] + checked.normal[8:17] == old
        assert checked.normal[6:8] == str(century)
        assert ids.check_character(checked.normal[:17]) == checked.normal[17]


@given(citizens)
def test_every_synthetic_number_is_valid_and_unchanged(number: str) -> None:
    checked = ids.citizen_id(number, as_of=AS_OF)
    assert (checked.ok, checked.normal, checked.repaired) == (True, number, "")
    assert ric.calc_check_digit(number) == number[17]


@given(citizens)
def test_checking_the_normal_form_again_changes_nothing(number: str) -> None:
    dirty = " '" + number.lower().translate(str.maketrans("0123", "０１２３"))
    once = ids.citizen_id(dirty, as_of=AS_OF)
    assert once.normal == number
    assert once.repaired == "D01"
    assert ids.citizen_id(once.normal, as_of=AS_OF).repaired == ""


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    checked = ids.citizen_id(text, as_of=AS_OF)
    assert checked.ok == (checked.normal is not None)
    assert checked.ok or checked.reason


@given(citizens, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_found_and_the_original_is_a_candidate(
    number: str, place: int, digit: str
) -> None:
    typed = number[:place] + digit + number[place + 1 :]
    if typed == number:
        return
    assert not ids.citizen_id(typed, as_of=AS_OF).ok
    assert number in set(ids.single_edits(typed, as_of=AS_OF))


@given(citizens, st.integers(0, 16))
def test_transposed_neighbours_lead_back(number: str, place: int) -> None:
    a, b = number[place], number[place + 1]
    if a == b:
        return
    typed = number[:place] + b + a + number[place + 2 :]
    assert number in set(ids.single_edits(typed, as_of=AS_OF))


def test_single_edits_of_a_letter_o() -> None:
    candidates = list(ids.single_edits("330324196803128O50"))
    assert candidates == [GOOD]
    assert len(list(ids.single_edits("330324196803128051"))) == len(
        set(ids.single_edits("330324196803128051"))
    )
    assert list(ids.single_edits("33O324196803128O50")) == []
    assert list(ids.single_edits("不详")) == []
    assert list(ids.single_edits(GOOD)) == []
    assert "11010519491231002X" in set(ids.single_edits("1101O549l231002".replace("l", "1")))


@pytest.mark.parametrize(
    ("text", "scheme", "normal", "key_scheme"),
    [
        (GOOD, "01", GOOD, "01"),
        ("330324680312805", None, GOOD, "01"),
        ("81000019900101" + "801", "01", None, None),
        (" e１２345678 ", "03", "E12345678", "03"),
        ("BENE 12345", "us-beneficiary", "BENE12345", "us-beneficiary"),
        ("usa123456789012", None, "USA123456789012", "foreign"),
        ("USA123456789012", "us-beneficiary", "USA123456789012", "us-beneficiary"),
        (GOOD, "90", GOOD, "01"),
    ],
)
def test_person_documents(
    text: str, scheme: str | None, normal: str | None, key_scheme: str | None
) -> None:
    checked = ids.person_id(text, scheme, as_of=AS_OF)
    assert checked.normal == normal
    if normal is not None:
        assert ids.person_scheme(normal, scheme) == key_scheme


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000", "911330"])
def test_residence_permits_by_shape(prefix: str) -> None:
    number = make(prefix, date(1990, 1, 1), 801)
    assert ids.person_id(number.lower(), "01", as_of=AS_OF).normal == number
    scheme = "foreign" if prefix.startswith("9") else "permit"
    assert ids.person_scheme(number, None) == scheme
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    assert ids.person_id(wrong, None, as_of=AS_OF).reason == "CHECK_DIGIT"
    unborn = make(prefix, date(2030, 1, 1), 801)
    assert ids.person_id(unborn, None, as_of=AS_OF).reason == "BIRTH_DATE"


@pytest.mark.parametrize("text", ["无", "", "000000", "N/A", "XXXXXX"])
def test_placeholders_of_free_form_documents(text: str) -> None:
    assert not ids.person_id(text, "03", as_of=AS_OF).ok


@pytest.mark.parametrize(("text", "reason"), [("999999999999999999", "D03_PLACEHOLDER")])
def test_placeholder_is_no_permit(text: str, reason: str) -> None:
    assert ids.person_id(text, None, as_of=AS_OF).reason == reason


def test_birth_date_and_sex() -> None:
    assert ids.birth_date("11010519491231002X") == date(1949, 12, 31)
    assert ids.sex("11010519491231002X") == 2
    assert ids.sex("330324196803128118") == 1
    with pytest.raises(ClewError, match="no birth date"):
        ids.birth_date("330302199913018010")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("330302196803121234", "330302********1234"),
        ("330302680312123", "330302*****2123"),
        ("E12345678", "E1*****78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masking(text: str, masked: str) -> None:
    assert ids.mask_id(text) == masked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"办 {GOOD} 的", "办 *** 的"),
        (f"{GOOD[:-1]}x", "***"),
        ("330324680312805.csv", "***.csv"),
        ("/clues/330324680312805/", "/clues/***/"),
        ("2023-03-01 10:00, 1234567890", "2023-03-01 10:00, 1234567890"),
        ("", ""),
    ],
)
def test_a_text_without_its_persons(text: str, told: str) -> None:
    assert ids.without_persons(text) == told


@given(st.text(max_size=30), citizens, st.text(max_size=30))
def test_no_number_is_left_in_a_text(before: str, number: str, after: str) -> None:
    assert number not in ids.without_persons(before + number + after)
