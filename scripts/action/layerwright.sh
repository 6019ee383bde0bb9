#!/bin/bash
# Runs layerwright: the version that the input names, else the one that the project has installed, else the newest.
set -euo pipefail

if [ -n "${INPUT_VERSION:-}" ]; then
  exec npm exec --yes --package="layerwright@$INPUT_VERSION" -- layerwright "$@"
fi
exec npm exec --yes -- layerwright "$@"
