#!/bin/bash
# Builds. The outputs digest, imageid and metadata, the annotations and the summary are written by layerwright itself.
set -euo pipefail

# Blanks and line ends separate arguments; nothing is expanded or evaluated.
read -r -d '' -a arguments <<<"$INPUT_ARGS" || true
case "$INPUT_PUSH" in
true) arguments+=(--push) ;;
false | '') ;;
*)
  printf '::error title=layerwright::the input push must be true or false\n'
  exit 2
  ;;
esac
exec bash "$GITHUB_ACTION_PATH/layerwright.sh" build ${arguments[@]+"${arguments[@]}"}
