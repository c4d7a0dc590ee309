"""The locks name public registries only, and both pin the same versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

PUBLIC = {"pypi.org", "files.pythonhosted.org"}
_PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def test_uv_lock_names_public_hosts_only(root: Path) -> None:
    urls = re.findall(r'"(https?://[^"]+)"', (root / "uv.lock").read_text(encoding="utf-8"))
    assert urls
    assert {urlsplit(url).hostname for url in urls} <= PUBLIC


def test_requirements_lock_holds_hashes_and_no_address(root: Path) -> None:
    text = (root / "requirements.lock.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE), "options such as an index do not belong here"
    for entry in re.split(r"\n(?=\S)", text):
        assert "--hash=sha256:" in entry, f"without a hash: {entry.splitlines()[0]}"


def test_both_locks_pin_the_same_versions(root: Path) -> None:
    lock = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))
    locked = {(p["name"], p["version"]) for p in lock["package"] if "registry" in p["source"]}
    pinned = set(_PIN.findall((root / "requirements.lock.txt").read_text(encoding="utf-8")))
    assert pinned
    assert pinned <= locked, "run `make lock`"


def test_every_dependency_is_locked(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = settings["project"]["dependencies"] + settings["dependency-groups"]["dev"]
    names = {re.split(r"[^A-Za-z0-9._-]", item)[0].lower() for item in wanted}
    pins = _PIN.findall((root / "requirements.lock.txt").read_text(encoding="utf-8"))
    assert names <= {name for name, _ in pins}, "run `make lock`"


def test_no_index_is_configured(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    uv = settings["tool"].get("uv", {})
    assert not {"index", "index-url", "extra-index-url", "find-links", "sources"} & set(uv)
    assert not (root / "uv.toml").exists()
