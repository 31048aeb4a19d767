# Options of train.py for each of the nano runs; see make_all.sh.
BASE="--seed 4 --max-steps 3000 --batch-size 32 --lr 2e-3 --warmup 100 --group-by-length"
ROUND1="--seed 4 --epochs 3 --batch-size 32 --lr 1.5e-3 --warmup 100 --group-by-length"
ROUND2="--seed 5 --max-steps 2500 --stop-at 1500 --batch-size 32 --lr 1e-3 --warmup 50 --group-by-length"
ROUND3="--seed 6 --max-steps 900 --batch-size 64 --lr 1.5e-3 --warmup 30"
EARLY_EXIT="--seed 6 --max-steps 500 --batch-size 64 --lr 1e-3 --warmup 20"
JUDGE="--seed 6 --max-steps 1400 --batch-size 32 --lr 1e-3 --warmup 100"
