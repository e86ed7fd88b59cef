#!/bin/sh
# Makes the environment `.venv-tools`: programs that check deployment files and dependencies. They need newer versions of
# what Rasa pins, so they live apart.
set -eu
cd "$(dirname "$0")/.."

lock=tools/requirements-tools.lock
done_mark=.venv-tools/.installed
if [ -f "$done_mark" ] && cmp -s "$lock" "$done_mark"; then
    exit 0
fi
uv=.uv/bin/uv
[ -x "$uv" ] || uv=uv
echo "Installing the checking tools into .venv-tools …"
[ -x .venv-tools/bin/python ] || "$uv" venv --quiet --python .venv/bin/python .venv-tools
"$uv" pip sync --quiet --python .venv-tools/bin/python --require-hashes "$lock"
cp "$lock" "$done_mark"
