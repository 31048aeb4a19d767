#!/usr/bin/env bash
# Makes eval-data/nano from nothing but this repository: data, base, SFT, SoFT, early-exit, judge, golden files.
#   PYTHON=python WORK=/tmp/nano scripts/train/nano/make_all.sh
# Every step is skipped when its result exists and goes on from its last checkpoint when it was killed. Give the same
# command again until it ends. To make a step anew, delete its folder. About two hours on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}
WORK=${WORK:-/tmp/nano} # base weights and step checkpoints: not kept
NANO=${NANO:-../../eval-data/nano}
GOLDEN=${GOLDEN:-../../test/golden}
SETTINGS=${SETTINGS:-nano/settings.sh}
export OMP_WAIT_POLICY=passive # two processes side by side must not spin for each other's cores
run() { echo "+ $*" >&2; "$@"; }
mkdir -p "$WORK"/runs/round{1,2,3,4,5} "$NANO/models" "$NANO/logs" "$GOLDEN"

[ -e "$WORK/round6.json" ] || run "$PYTHON" -m nano.generate --out "$NANO/data" --work "$WORK"
[ -e "$WORK/init/config.json" ] || run "$PYTHON" -m nano.base --out "$WORK/init"

train() { # name, then options of train.py
  local out="$WORK/runs/$1"
  shift
  [ -e "$out/training_log.csv" ] || run "$PYTHON" train.py --out "$out" "$@" >>"$out.log" 2>&1
}
publish() { # names: everything but the step checkpoints
  for name in "$@"; do
    mkdir -p "$NANO/models/$name"
    for file in config.json generation_config.json tokenizer.json tokenizer_config.json exits.json; do
      cp "$WORK/runs/$name/$file" "$NANO/models/$name/"
    done
    for file in model.safetensors exit_heads.safetensors; do
      if [ -e "$WORK/runs/$name/$file" ]; then install -m 644 "$WORK/runs/$name/$file" "$NANO/models/$name/"; fi
    done
    cp "$WORK/runs/$name/training_log.csv" "$NANO/logs/$name.csv"
  done
}

source "$SETTINGS"
train base --kind sft --loss-on all --model "$WORK/init" --data "$WORK/pretrain.json" --threads 2 $BASE
fine_tune() { # kind: six rounds, each from the weights of the one before
  train "round1/$1" --kind "$1" --model "$WORK/runs/base" --data "$NANO/data/train.json" --threads 1 $ROUND1
  train "round2/$1" --kind "$1" --model "$WORK/runs/round1/$1" --data "$WORK/round2.json" --threads 1 $ROUND2
  train "round3/$1" --kind "$1" --model "$WORK/runs/round2/$1" --data "$WORK/round2.json" --threads 1 $ROUND3
  train "round4/$1" --kind "$1" --model "$WORK/runs/round3/$1" --data "$WORK/round2.json" --threads 1 $ROUND4
  train "round5/$1" --kind "$1" --model "$WORK/runs/round4/$1" --data "$WORK/round5.json" --threads 1 $ROUND5
  train "$1" --kind "$1" --model "$WORK/runs/round5/$1" --data "$WORK/round6.json" --threads 1 $ROUND6
}
fine_tune sft & # one thread each, side by side: faster than one after the other with two
sft=$!
fine_tune soft
wait $sft
train early-exit --kind early-exit --model "$WORK/runs/sft" --data "$WORK/round6.json" --threads 1 $EARLY_EXIT
publish sft soft early-exit
cp "$WORK/runs/base/training_log.csv" "$NANO/logs/base.csv"
for round in round1 round2 round3 round4 round5; do
  for kind in sft soft; do cp "$WORK/runs/$round/$kind/training_log.csv" "$NANO/logs/$kind-$round.csv"; done
done

[ -e "$WORK/judge-train.json" ] || run "$PYTHON" -m nano.judge_data --models "$NANO/models" --out "$WORK/judge-train.json" --answered $JUDGE_ANSWERED $JUDGE_PAIRS
[ -e "$WORK/judge-format.json" ] || run "$PYTHON" -m nano.judge_stages --pairs "$WORK/judge-train.json" --answered $JUDGE_ANSWERED
judge() { # name, checkpoint to start from, pairs, then options of train_judge.py
  local out="$WORK/runs/$1" model=$2 data=$3
  shift 3
  [ -e "$out/training_log.csv" ] || run "$PYTHON" -m nano.train_judge --model "$model" --data "$data" --out "$out" "$@" >>"$out.log" 2>&1
}
judge judge-easy "$NANO/models/soft" "$WORK/judge-easy.json" $JUDGE_EASY
judge judge-real "$WORK/runs/judge-easy" "$WORK/judge-real.json" $JUDGE_REAL
judge judge-more "$WORK/runs/judge-real" "$WORK/judge-real.json" $JUDGE_MORE
judge judge-format "$WORK/runs/judge-more" "$WORK/judge-format.json" $JUDGE_FORMAT
judge judge "$WORK/runs/judge-format" "$WORK/judge-format.json" $JUDGE_LAST
for stage in easy real more format; do cp "$WORK/runs/judge-$stage/training_log.csv" "$NANO/logs/judge-$stage.csv"; done
publish judge

for name in sft soft early-exit; do
  run "$PYTHON" golden.py --model "$NANO/models/$name" --prompts "$NANO/data/test.json" --name "nano-$name" --out "$GOLDEN/nano-$name.json"
done
run "$PYTHON" -m nano.judge_prompts --models "$NANO/models" --data "$NANO/data/test.json" --out "$WORK/judge-prompts.json"
run "$PYTHON" golden.py --model "$NANO/models/judge" --prompts "$WORK/judge-prompts.json" --name nano-judge --max-new-tokens 48 --out "$GOLDEN/nano-judge.json"

run "$PYTHON" evaluate.py --data "$NANO/data/test.json" "$NANO"/models/{sft,soft,early-exit}
run "$PYTHON" -m nano.judge_eval --models "$NANO/models" --data "$NANO/data/test.json"
