#!/usr/bin/env bash
# The paper's settings (arXiv 2309.08968) for LLaMA-2-13B: exits 12, 16 ... 40, lr 2e-5 cosine, 2 epochs; early-exit heads 1 epoch.
#   MODEL=path/to/Llama-2-13b-hf DATA=alpaca.json OUT=runs scripts/train/configs/llama-2-13b.sh
# 8 GPUs x 4 records x 4 steps of accumulation = 128 records a step. Never run here: no machine with such GPUs was at hand.
set -euo pipefail
: "${MODEL:?path of the base checkpoint}" "${DATA:?Alpaca-format JSON}" "${OUT:?folder for the three models}"
cd "$(dirname "$0")/.."

common=(--data "$DATA" --exits 12,16,20,24,28,32,36,40 --lr 2e-5 --schedule cosine --warmup 0.03 --max-length 2048
  --batch-size 4 --accumulate 4 --gradient-checkpointing --bf16 --seed 0)

for kind in sft soft; do
  accelerate launch --config_file configs/fsdp.yaml train.py --kind $kind --model "$MODEL" --out "$OUT/$kind" --epochs 2 "${common[@]}"
done
accelerate launch --config_file configs/fsdp.yaml train.py --kind early-exit --model "$OUT/sft" --out "$OUT/early-exit" --epochs 1 "${common[@]}"
