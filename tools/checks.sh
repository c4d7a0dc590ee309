#!/usr/bin/env bash
# Runs the named groups of checks, all of them even if one fails, and ends with one verdict.
#   tools/checks.sh [lint] [tests [pytest arguments]]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH"

verdicts=()
failed=0

check() {
    local name=$1 started=$SECONDS verdict=passed
    shift
    printf '\n── %s\n' "$name"
    if ! "$@"; then
        verdict=FAILED
        failed=1
    fi
    verdicts+=("$(printf '%-16s %-7s %4d s' "$name" "$verdict" $((SECONDS - started)))")
}

lint() {
    check style ruff check .
    check layers lint-imports
    check types mypy
}

# loadfile keeps a file's tests on one worker, so that its slow fixtures are made once.
tests() {
    check tests pytest -n 2 --dist loadfile "$@"
}

while [ $# -gt 0 ]; do
    group=$1
    shift
    case $group in
        lint) lint ;;
        tests) tests "$@"; break ;;
        *) printf 'tools/checks.sh knows lint and tests, not %s\n' "$group" >&2; exit 2 ;;
    esac
done

printf '\n'
printf '%s\n' "${verdicts[@]}"
exit "$failed"
