from collections.abc import Iterator

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.packs.medical_insurance.pack import PACK


@pytest.fixture
def officer(db: None, workspace: object) -> Iterator[Account]:
    """The first account, in a workspace that knows every department of the pack."""
    account = accounts.bootstrap(os_user="tester")
    for owner in PACK.owners:
        accounts.create_department(
            by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
        )
    yield account
