#!/bin/sh
# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

# The experiments of the paper at its scale: every line at the end is a command, the GPU hours that
# it takes, and the file of records that it makes.
#
#   scripts/paper_scale.sh                  print the lines
#   scripts/paper_scale.sh measure [NAME…]  measure the throughput here, from which the hours follow
#   scripts/paper_scale.sh run [NAME…]      run them; finished runs are not repeated
#
# Without names: all. GPU hours were never measured: no GPU could be had. They are
#
#   hours = runs × steps of a run / (steps per second) / 3600
#
# summed over the methods, without evaluation; `measure` times 30 steps of each method on the device
# at hand, with noise in the shape of the data where these are not there. One GPU does one run at a
# time; with MORE="--jobs 4" several share it.
#
# Settings: PYTHON, RECORDS (a folder), TIMES (a folder of what was measured), DEVICE, STEPS, and
# MORE options of `python -m experiments run`.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-.venv/bin/python}
RECORDS=${RECORDS:-records/paper}
TIMES=${TIMES:-build/throughput}
DEVICE=${DEVICE:-auto}
STEPS=${STEPS:-30}
mode=${1:-print}
[ $# -eq 0 ] || shift
chosen=" $* "

hours() { # the sum over the methods of a line, as measured
    [ -f "$TIMES/$1.json" ] || { echo "not measured here"; return; }
    "$PYTHON" - "$TIMES/$1.json" <<'END'
import json, sys
rows = json.load(open(sys.argv[1]))
hours = [row["hours"] for row in rows]
print("steps of a run are not known" if None in hours else f"{sum(hours):.3g} h on {rows[0]['device']}")
END
}

line() { # NAME, runs, steps of a run, then the arguments of `run`
    name=$1 runs=$2 steps=$3
    shift 3
    case $chosen in "  " | *" $name "*) ;; *) return 0 ;; esac
    case $mode in
    print)
        echo "python -m experiments run $*"
        echo "    $runs runs of $steps steps; GPU hours: $(hours "$name"); $RECORDS/$name.parquet"
        ;;
    measure)
        "$PYTHON" -m experiments throughput "$@" --steps "$STEPS" --device "$DEVICE" \
            --out "$TIMES/$name.json"
        ;;
    run)
        # shellcheck disable=SC2086
        "$PYTHON" -m experiments run "$@" --records "$RECORDS/$name" --device "$DEVICE" ${MORE:-}
        "$PYTHON" -m experiments pack "$@" --records "$RECORDS/$name" --out "$RECORDS/$name/packed"
        mv "$RECORDS/$name/packed/"*.parquet "$RECORDS/$name.parquet"
        ;;
    *)
        echo "mode = $mode; allowed: print, measure, run" >&2
        exit 2
        ;;
    esac
}

OTHER=experiments.workloads.iwslt14_transformer:OTHER_DROPOUT
line mnist_mlp 75 4680 mnist_mlp --preset paper
line cifar10_resnet20 102 19500 cifar10_resnet20 --preset paper
line cifar10_resnet20_others 81 19500 cifar10_resnet20 --preset paper --methods mom_sps alr_smag ngn_m ngn_md_v1
line cifar10_vgg16 102 19500 cifar10_vgg16 --preset paper
line cifar100_resnet110 102 39000 cifar100_resnet110 --preset paper
line cifar100_resnet110_step 102 39000 cifar100_resnet110 --preset paper --schedule step
line cifar10_vit 102 19400 cifar10_vit --preset paper
line imagenet32_resnet18 102 450405 imagenet32_resnet18 --preset paper
line imagenet32_resnet18_decay 102 450405 imagenet32_resnet18 --preset paper --weight-decay 1e-4
line imagenet32_resnet18_bound 54 450405 imagenet32_resnet18 --preset paper --methods momo momo_adam --lb 0.9
line imagenet32_resnet18_both 54 450405 imagenet32_resnet18 --preset paper --methods momo momo_adam --weight-decay 1e-4 --lb 0.9
line imagenet_vit_tiny 75 500400 imagenet_vit_tiny --preset paper
line criteo_dlrm 102 306969 criteo_dlrm --preset paper
line iwslt14_transformer 75 unknown iwslt14_transformer --preset paper
line iwslt14_transformer_dropout 75 unknown $OTHER --preset paper
line diffusion_unet 36 unknown diffusion_unet --preset paper
line diffusion_unet_cosine 36 unknown diffusion_unet --preset paper --schedule cosine
line synthetic_least_squares 114 200 synthetic_least_squares --preset paper
