#!/bin/sh
# Runs check.py with the first Python >= 3.10 of $SLUICE_PYTHON and python3.
cd "$(dirname "$0")" || exit 1
for python in "$SLUICE_PYTHON" python3; do
    if [ -n "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        exec "$python" check.py
    fi
done
echo "python: no Python >= 3.10 (python3, or \$SLUICE_PYTHON): the Python package was not checked"
[ "$SLUICE_PYTHON_REQUIRED" != 1 ]
