#!/bin/sh
# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

# Does everything that a GPU is for work, and how fast? Minutes on one GPU; the results are JSON
# files in OUT (build/gpu_check), and all of them in OUT/all.json.
#
#   an epoch of ResNet-20 on noise of CIFAR-10's shape, in float32 and bfloat16
#   the language model at its full scale, in float32 and bfloat16
#   runs of the runner on the device: in bfloat16, and by torchrun as one of one ranks (DDP)
#
# Settings, by which it can be tried on a CPU: PYTHON, OUT, DEVICE, PRESET, STEPS, and METHODS.
#   DEVICE=cpu PRESET=smoke STEPS=2 scripts/gpu_check.sh
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-.venv/bin/python}
OUT=${OUT:-build/gpu_check}
DEVICE=${DEVICE:-cuda}
PRESET=${PRESET:-paper}
STEPS=${STEPS:-390}  # an epoch of CIFAR-10 in batches of 128
METHODS=${METHODS:-momo momo_adam sgd_m adam}
mkdir -p "$OUT"

for workload in cifar10_resnet20 lm_transformer; do
    for precision in float32 bfloat16; do
        # shellcheck disable=SC2086
        "$PYTHON" -m experiments throughput $workload --preset "$PRESET" --methods $METHODS \
            --precision $precision --steps "$STEPS" --device "$DEVICE" \
            --out "$OUT/$workload-$precision.json"
    done
done

# What is in the repository is enough for these: the runner itself, on the device.
run() {
    records=$OUT/records-$1 log=$OUT/$1.log
    shift
    rm -rf "$records"
    "$@" -m experiments run cifar10_resnet20 --preset smoke --methods momo adam --lrs 0.01 \
        --seeds 0 --device "$DEVICE" --precision bfloat16 --records "$records" \
        >"$log" 2>&1 || { cat "$log"; exit 1; }
}
run alone "$PYTHON"
run ddp "$PYTHON" -m torch.distributed.run --standalone --nproc-per-node 1

"$PYTHON" - "$OUT" <<'END'
import json, pathlib, sys

out = pathlib.Path(sys.argv[1])
found = {path.stem: json.loads(path.read_text()) for path in sorted(out.glob("*-*.json"))}
from experiments import records

for name in ("alone", "ddp"):
    load = records.load(out / f"records-{name}")
    last = load.epochs.sort("epoch").group_by("run").last().select("run", "test_score")
    chosen = ("run", "method", "precision", "device", "ranks", "status", "training_time")
    found[name] = load.runs.select(chosen).join(last, on="run").sort("method").to_dicts()
(out / "all.json").write_text(json.dumps(found, indent=1))
print(f"all results: {out / 'all.json'}")
END
