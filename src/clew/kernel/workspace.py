"""The workspace: one directory that holds everything a Clew installation keeps.

    CLEW_HOME/
      clew.toml      name, seed and fixed day of a sample city, scale of the sample
      keys/          workspace.key, audit.key, audit.pub (hex text, readable by the owner only)
      db.sqlite3     operational data in the embedded profile
      lake/ staging/ quarantine/ files/ exports/ logs/

`keys/` is never part of a backup: whoever holds a backup and the keys can turn keyed
identities back into people and can sign a forged ledger. Keep a copy of the keys elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clew.kernel.errors import InputError, NotFound, Refused, StoreError

HOME_VARIABLE = "CLEW_HOME"
DEFAULT_HOME = ".clew"
KEY_BYTES = 32
_RESTORE_KEY = "从另存的密钥副本恢复 (restore it from your copy of the keys)"
DIRECTORIES = ("keys", "lake", "staging", "quarantine", "files", "exports", "logs")


def home_path() -> Path:
    """Where the workspace is expected: $CLEW_HOME, else `.clew` in the current directory."""
    return Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().absolute()


@dataclass(frozen=True)
class Workspace:
    """Paths, keys and settings of one workspace; holds no open file and caches nothing."""

    home: Path

    @classmethod
    def current(cls) -> Self:
        """The workspace of this process; NotFound if `clew init` has not been run there."""
        workspace = cls(home_path())
        if not workspace.exists():
            raise NotFound(
                f"{workspace.home} 处没有工作区 (no Clew workspace there)",
                next_step=f"clew init, 或设 {HOME_VARIABLE} (or set it to an existing workspace)",
            )
        return workspace

    @classmethod
    def create(
        cls,
        home: Path,
        *,
        seed: int | None = None,
        today: date | None = None,
        name: str = "",
        scale: int = 1,
    ) -> Self:
        """Lays out a new workspace.

        seed: derives all keys, for demo and tests only; None takes random ones.
        today: the day on which a sample city lives; None follows the machine's clock.
        scale: n of a sample 1:n; 1 for real deliveries.
        Refused if a workspace, or its keys, are already there: new keys would orphan the lake.
        """
        if scale < 1:
            raise InputError(
                f"比例 {scale} 不是样本 1:n 的 n (not a sample 1:n)", next_step="--scale 1"
            )
        workspace = cls(home.expanduser().absolute())
        workspace._refuse_existing()
        try:
            for directory in DIRECTORIES:
                (workspace.home / directory).mkdir(parents=True, exist_ok=True)
            workspace.keys.chmod(0o700)
            workspace._write_keys(seed)
            # Last, because its presence is what makes the directory a workspace.
            _write_private(workspace.config_path, _toml(name or home.name, today, seed, scale))
        except OSError as error:
            raise StoreError(
                f"工作区 {workspace.home} 写不进去 (cannot be written): {error.strerror}",
                next_step="检查磁盘空间与权限, 删除该目录后重试 "
                "(check space and permissions, remove it): clew init",
            ) from error
        return workspace

    def exists(self) -> bool:
        return self.config_path.is_file()

    def _refuse_existing(self) -> None:
        if self.exists():
            raise Refused(
                f"{self.home} 已是工作区 (it is a workspace already)",
                next_step=f"{HOME_VARIABLE}={self.home} clew doctor, 或换目录 (or elsewhere)",
            )
        if (self.keys / "workspace.key").exists():
            raise Refused(
                f"{self.keys} 有密钥而 {self.config_path.name} 缺失 "
                f"(holds keys, {self.config_path.name} is missing)",
                next_step=f"恢复该文件, 或移走 {self.home} (restore it, or move this away)",
            )

    def _write_keys(self, seed: int | None) -> None:
        signing = _fresh_key(seed, "audit")
        public = Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()
        _write_private(self.keys / "audit.key", signing.hex() + "\n")
        _write_private(self.keys / "audit.pub", public.hex() + "\n")
        _write_private(self.keys / "workspace.key", _fresh_key(seed, "workspace").hex() + "\n")

    @property
    def config_path(self) -> Path:
        return self.home / "clew.toml"

    @property
    def config(self) -> dict[str, Any]:
        """`name`, `scale`, and, where set, `today` (a date) and `seed`."""
        try:
            return tomllib.loads(self.config_path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise InputError(
                f"{self.config_path} 不是有效的 TOML (not valid TOML): {error}",
                next_step="更正该文件 (correct the file), clew doctor",
            ) from error

    @property
    def today(self) -> date | None:
        """The fixed day of a sample city, for `clock.fix`; None follows the machine's clock."""
        day = self.config.get("today")
        if day is not None and type(day) is not date:
            raise InputError(
                f"{self.config_path} 中的 today 不是日期 (not a date)",
                next_step="不加引号 (without quotes): today = 2023-10-31",
            )
        return day

    @property
    def key(self) -> bytes:
        """The 32-byte key behind identity keys, clue identities and keyed hashes."""
        return self._read_key("workspace.key")

    @property
    def audit_key(self) -> bytes:
        """Raw Ed25519 private key that signs ledger checkpoints."""
        return self._read_key("audit.key")

    @property
    def audit_public_key(self) -> bytes:
        """Raw Ed25519 public key, 32 bytes; give it to whoever verifies exported ledgers."""
        return self._read_key("audit.pub")

    def _read_key(self, name: str) -> bytes:
        path = self.keys / name
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise StoreError(
                f"密钥 {path} 读不出来 (the key cannot be read)", next_step=_RESTORE_KEY
            ) from error
        if len(key) != KEY_BYTES:
            raise StoreError(
                f"密钥 {path} 有 {len(key)} 字节, 应为 {KEY_BYTES} (the key is damaged)",
                next_step=_RESTORE_KEY,
            )
        return key

    @property
    def database_path(self) -> Path:
        return self.home / "db.sqlite3"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def staging(self) -> Path:
        return self.home / "staging"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def exports(self) -> Path:
        return self.home / "exports"

    @property
    def logs(self) -> Path:
        return self.home / "logs"


def _fresh_key(seed: int | None, purpose: str) -> bytes:
    if seed is None:
        return secrets.token_bytes(KEY_BYTES)
    return hashlib.sha256(f"clew {purpose} key of seed {seed}".encode()).digest()


def _toml(name: str, today: date | None, seed: int | None, scale: int) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    lines = ["name = " + json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")]
    if today is not None:
        lines.append(f"today = {today.isoformat()}")
    if seed is not None:
        lines.append(f"seed = {seed}")
    lines.append(f"scale = {scale}")
    return "\n".join(lines) + "\n"


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
