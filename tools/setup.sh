#!/bin/sh
# Makes the environment `.venv` with exactly the locked packages. Needs one of: Python 3.10, or any Python 3 with venv.
set -eu
cd "$(dirname "$0")/.."

lock=requirements.lock
done_mark=.venv/.installed

if [ -f "$done_mark" ] && cmp -s "$lock" "$done_mark"; then
    exit 0
fi

find_uv() {
    for candidate in .uv/bin/uv "$(command -v uv 2>/dev/null || true)"; do
        # A version manager's shim may stand for a uv that this folder's Python does not have.
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

install_uv() {
    for python in python3.10 python3 /usr/bin/python3 python; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -m venv .uv >/dev/null 2>&1; then
            .uv/bin/python -m pip install --quiet --disable-pip-version-check uv && return
        fi
    done
    echo "Python is missing. Install Python 3.10 (with its venv module) or uv, then run this again." >&2
    exit 1
}

uv=$(find_uv)
if [ -z "$uv" ]; then
    echo "Getting uv, the installer …"
    install_uv
    uv=$(find_uv)
fi

echo "Installing the locked packages into .venv (a minute or two the first time) …"
[ -x .venv/bin/python ] || "$uv" venv --quiet --python 3.10 .venv
"$uv" pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes "$lock"
cp "$lock" "$done_mark"
echo "The environment is ready."
