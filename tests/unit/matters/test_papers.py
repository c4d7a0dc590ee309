"""Papers: what is taken, what is refused, and that content is kept once."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from clew.accounts.access import Denied
from clew.audit.models import Entry
from clew.kernel.errors import InputError, NotFound, Refused, StoreError
from clew.kernel.workspace import Workspace
from clew.matters import actions
from clew.matters.models import Attachment, Matter
from clew.matters.papers import content
from clew.matters.papers.actions import Paper, attach, read_paper
from tests.unit.matters.conftest import MakeClues, Office

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def package(*parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for part in parts:
            written.writestr(part, "<x/>")
    return buffer.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("决定.pdf", PDF, "application/pdf"),
        ("照片.PNG", PNG, "image/png"),
        ("照片.jpg", JPEG, "image/jpeg"),
        ("照片.jpeg", JPEG, "image/jpeg"),
        ("报告.docx", DOCX, content.KINDS[".docx"][0]),
        ("清单.xlsx", XLSX, content.KINDS[".xlsx"][0]),
        ("说明.txt", "说明一".encode(), "text/plain"),
        ("旧.txt", "说明一".encode("gb18030"), "text/plain"),
        ("表.csv", b"=1+1,2\n", "text/csv"),
    ],
)
def test_what_is_taken(
    office: Office, matter: Matter, tmp_path: Path, name: str, data: bytes, media: str
) -> None:
    path = put(tmp_path, name, data)
    before = Entry.objects.count()
    added = attach(by=office["an"], matter=matter.code, paper=Paper("other", path))
    assert (added.media, added.size, added.name) == (media, len(data), name)
    assert added.sha256 == hashlib.sha256(data).hexdigest()
    assert content.path_of(added.sha256).read_bytes() == data
    assert Entry.objects.count() == before + 1
    assert name not in str(Entry.objects.order_by("-seq")[0].facts), "a file name may name a person"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("页.html", b"<html></html>"),
        ("图.svg", b"<svg/>"),
        ("程序.exe", b"MZ\x90\x00"),
        ("包.zip", DOCX),
        ("宏.docm", DOCX),
        ("无后缀", PDF),
        ("空.pdf", b""),
        ("假.pdf", b"MZ\x90\x00"),
        ("假.png", PDF),
        ("假.jpg", PNG),
        ("假.docx", XLSX),
        ("假.xlsx", DOCX),
        ("坏.docx", b"PK\x03\x04broken"),
        ("会动.pdf", PDF + b"<</S/JavaScript/JS(app.alert)>>"),
        ("会动.pdf", PDF + b"<</S/Launch>>"),
        ("宏.docx", package("word/document.xml", "word/vbaProject.bin")),
        ("外链.xlsx", package("xl/workbook.xml", "xl/externalLinks/externalLink1.xml")),
        ("页.txt", b"  <!DOCTYPE html><p>"),
        ("脚本.csv", b"a,<script>alert(1)</script>"),
        ("二进制.txt", b"abc\x00def"),
        ("乱码.txt", b"\xff\xff\xff\xff\x80"),
    ],
)
def test_what_is_refused(
    office: Office, matter: Matter, tmp_path: Path, name: str, data: bytes
) -> None:
    path = put(tmp_path, name, data)
    before = Entry.objects.count()
    with pytest.raises(InputError):
        attach(by=office["an"], matter=matter.code, paper=Paper("other", path))
    assert not Attachment.objects.exists()
    assert list(Workspace.current().files.iterdir()) == []
    assert list(Workspace.current().staging.iterdir()) == []
    assert Entry.objects.count() == before + 1
    assert Entry.objects.order_by("-seq")[0].facts["asked"] == "matters.attach"


def test_what_is_too_large(
    office: Office, matter: Matter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "LARGEST", len(PDF) - 1)
    path = put(tmp_path, "大.pdf", PDF)
    with pytest.raises(InputError, match="too large"):
        attach(by=office["an"], matter=matter.code, paper=Paper("other", path))
    with pytest.raises(InputError):
        attach(by=office["an"], matter=matter.code, paper=Paper("other", tmp_path / "none.pdf"))


def test_content_is_kept_once(
    office: Office, clues: MakeClues, matter: Matter, tmp_path: Path
) -> None:
    first, second = put(tmp_path, "a.pdf", PDF), put(tmp_path, "b.pdf", PDF)
    attach(by=office["an"], matter=matter.code, paper=Paper("decision", first))
    with pytest.raises(Refused, match="already"):
        attach(by=office["an"], matter=matter.code, paper=Paper("decision", second))
    attach(by=office["an"], matter=matter.code, paper=Paper("notice", second))
    attach(by=office["an"], matter=office.opened(clues()).code, paper=Paper("decision", first))
    assert Attachment.objects.count() == 3
    assert len(list(Workspace.current().files.iterdir())) == 1


def test_who_and_what(office: Office, matter: Matter, tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", PDF)
    with pytest.raises(InputError, match="stone"):
        attach(by=office["an"], matter=matter.code, paper=Paper("stone", path))
    with pytest.raises(NotFound):
        attach(by=office["an"], matter="zzzz", paper=Paper("other", path))
    with pytest.raises(Denied):
        attach(by=office["he"], matter=matter.code, paper=Paper("other", path))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\报告.pdf", "报告.pdf"),
        ("a\u202efdp.txt", "afdp.txt"),
        ("行\n一.txt", "行一.txt"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_are_fit_to_be_shown(given: str, shown: str) -> None:
    assert content.shown_name(given) == shown


def test_papers_that_come_with_a_refused_step_are_not_listed(
    office: Office, matter: Matter, tmp_path: Path
) -> None:
    with pytest.raises(Refused):
        actions.advance(
            by=office["an"], matter=matter.code, transition="decide",
            attachments=[Paper("other", put(tmp_path, "a.pdf", PDF))],
        )  # fmt: skip
    assert not Attachment.objects.exists()


def test_papers_are_never_changed(office: Office, matter: Matter, tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", PDF)
    added = attach(by=office["an"], matter=matter.code, paper=Paper("other", path))
    with pytest.raises(Refused):
        added.save()


def test_reading_a_paper_leaves_an_entry(
    office: Office, clues: MakeClues, matter: Matter, tmp_path: Path
) -> None:
    path = put(tmp_path, "a.pdf", PDF)
    added = attach(by=office["an"], matter=matter.code, paper=Paper("other", path))
    before = Entry.objects.count()
    found, where = read_paper(by=office["he"], matter=matter.code, paper=added.code[:6])
    assert found == added and where.read_bytes() == PDF
    assert Entry.objects.count() == before + 1
    other = office.opened(clues())
    for text in (added.code, "", "zzzz"):
        with pytest.raises(NotFound):
            read_paper(by=office["an"], matter=other.code, paper=text)
    where.write_bytes(PDF + b"%")
    with pytest.raises(StoreError, match="changed"):
        read_paper(by=office["an"], matter=matter.code, paper=added.code)
