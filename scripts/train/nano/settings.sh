# Options of train.py for each of the nano runs; see make_all.sh.
BASE="--max-steps 3000 --batch-size 32 --lr 2e-3 --warmup 100"
FINE_TUNING="--epochs 3 --batch-size 32 --lr 1.5e-3 --warmup 100"
EARLY_EXIT="--epochs 1 --batch-size 32 --lr 1e-3 --warmup 50"
JUDGE="--epochs 1 --batch-size 32 --lr 1.5e-3 --warmup 100"
