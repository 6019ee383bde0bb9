#!/bin/bash
# Removes from the store what no build of the last days has used, so that what is saved does not grow for ever.
set -euo pipefail

exec bash "$GITHUB_ACTION_PATH/layerwright.sh" cache gc --keep-days 7
