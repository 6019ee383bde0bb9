#!/bin/bash
# Says where the store is: the folder that the job has chosen, else one of the runner's, which ends with the job.
set -euo pipefail

folder=${LAYERWRIGHT_CACHE_DIR:-$RUNNER_TEMP/layerwright-store}
mkdir -p "$folder"
printf 'folder=%s\n' "$(realpath "$folder")" >>"$GITHUB_OUTPUT"
