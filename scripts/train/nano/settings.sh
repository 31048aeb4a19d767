# Options of train.py for each of the nano runs; see make_all.sh.
# Grouping by length makes batches of nearly one family each: learning was slow until round 3 went without.
BASE="--seed 4 --max-steps 3000 --batch-size 32 --lr 2e-3 --warmup 100 --group-by-length"
ROUND1="--seed 4 --epochs 3 --batch-size 32 --lr 1.5e-3 --warmup 100 --group-by-length"
ROUND2="--seed 5 --max-steps 2500 --stop-at 1500 --batch-size 32 --lr 1e-3 --warmup 50 --group-by-length"
ROUND3="--seed 6 --max-steps 900 --batch-size 64 --lr 1.5e-3 --warmup 30"
ROUND4="--seed 7 --max-steps 1200 --batch-size 64 --lr 1.5e-3 --warmup 30"
ROUND5="--seed 8 --max-steps 2500 --batch-size 64 --lr 1.5e-3 --warmup 50"
ROUND6="--seed 9 --max-steps 1500 --batch-size 64 --lr 1.2e-3 --warmup 30"
EARLY_EXIT="--seed 6 --max-steps 500 --batch-size 64 --lr 1e-3 --warmup 20"
JUDGE_ANSWERED=2500 # instructions
JUDGE_PAIRS="--size 200000"
# The judge, in stages: easy pairs first, for real ones alone leave the verdict at chance; the full format last.
JUDGE_EASY="--seed 7 --max-steps 1500 --stop-at 700"
JUDGE_REAL="--seed 8 --max-steps 3000 --warmup 10"
JUDGE_MORE="--seed 9 --max-steps 1290 --skip 96000 --lr 7e-4 --warmup 20"
JUDGE_FORMAT="--seed 10 --max-steps 600 --lr 6e-4 --warmup 10"
JUDGE_LAST="--seed 11 --max-steps 950 --skip 24000 --lr 7e-4 --warmup 10"
