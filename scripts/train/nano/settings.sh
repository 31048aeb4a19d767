# Options of train.py for each of the nano runs; see make_all.sh.
# Grouping by length makes batches of nearly one family each: learning was slow until round 3 went without.
BASE="--seed 4 --max-steps 3000 --batch-size 32 --lr 2e-3 --warmup 100 --group-by-length"
ROUND1="--seed 4 --epochs 3 --batch-size 32 --lr 1.5e-3 --warmup 100 --group-by-length"
ROUND2="--seed 5 --max-steps 2500 --stop-at 1500 --batch-size 32 --lr 1e-3 --warmup 50 --group-by-length"
ROUND3="--seed 6 --max-steps 900 --batch-size 64 --lr 1.5e-3 --warmup 30"
ROUND4="--seed 7 --max-steps 1200 --batch-size 64 --lr 1.5e-3 --warmup 30"
EARLY_EXIT="--seed 6 --max-steps 500 --batch-size 64 --lr 1e-3 --warmup 20"
JUDGE_PAIRS="--answered 1000 --size 51200"
# The judge, in stages; the first three left the verdict at chance and taught only what the right responses are.
JUDGE1="--seed 6 --max-steps 1600 --stop-at 800 --batch-size 32 --lr 1e-3 --warmup 50"
JUDGE2="--seed 6 --max-steps 620 --stop-at 200"
JUDGE3="--seed 7 --max-steps 1500 --stop-at 200 --lr 1.5e-3"
JUDGE4="--seed 7 --max-steps 1500 --stop-at 700"
JUDGE5="--seed 8 --max-steps 660 --warmup 10"
