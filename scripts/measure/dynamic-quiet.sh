#!/usr/bin/env bash
# What docs/dynamic.md and docs/server-clients.md publish as speeds, measured anew; on a machine with nothing else to do.
#     npm run build && scripts/measure/dynamic-quiet.sh <folder for the logs>
set -euo pipefail
logs=$1
mkdir -p "$logs/models"
for name in soft sft early-exit; do
  folder="$logs/models/$name"
  [[ -d $folder ]] || npx sorted-eval import "eval-data/nano/models/$name" "$folder"
done
for name in soft sft early-exit; do
  npx tsx scripts/measure/dynamic.ts "$logs/models/$name" eval-data/nano/data/test.json 60 48 1,4,16 7 | tee "$logs/dynamic-$name.md"
done
npx tsx scripts/clients/load-test.ts "$logs/models/soft" | tee "$logs/load.txt"
npx sorted-eval sweep eval-data/nano/dynamic.yaml | tee "$logs/sweep.txt"
