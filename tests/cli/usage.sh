#!/bin/sh
# Wrong usage and wrong input: exit status 2, a sentence on stderr that names the place, nothing on stdout,
# nothing created.
. "$(dirname "$0")/kit"

# refuse SENTENCE ARGUMENT ...
refuse() {
    sentence=$1
    shift
    before=$(find . | sort)
    run "$@"
    what="slope $*"
    if [ "$status" != 2 ]; then
        fail "$what: exit status $status, not 2"
    elif [ -s "$out" ]; then
        fail "$what: prints on stdout"
    elif ! grep -qF -- "$sentence" "$err"; then
        fail "$what: does not say: $sentence"
        sed 's/^/      | /' "$err" | head -n 4
    elif [ "$(find . | sort)" != "$before" ]; then
        fail "$what: made something"
    else
        pass "$what"
    fi
}

# --- the command
run
check "slope alone explains itself, status 2" test "$status" = 2 -a -s "$err" -a ! -s "$out"
refuse "did you mean slope train?" trian builtin:xor
refuse "unknown command zzzzzz" zzzzzz
refuse "the command comes first" --json train

# --- options
refuse "unknown option --epoch: did you mean --epochs?" train builtin:xor --epoch 3
refuse "unknown option --val: did you mean --validation?" train builtin:xor --val 0.2
refuse "unknown option -epochs: did you mean --epochs?" train builtin:xor -epochs 3
refuse "unknown option --zzzzzz" train builtin:xor --zzzzzz
refuse "unknown option -x" train -x builtin:xor
refuse "--epochs has no value" train builtin:xor --epochs
refuse "--epochs has no value" train builtin:xor --epochs --batch 3
refuse "--out has no value" train builtin:xor -o
refuse "--out has no value" train builtin:xor -o --json
refuse "--net is empty" train builtin:xor --net=
refuse "--lr is given twice" train builtin:xor --lr 1 --lr=2
refuse "--json takes no value" train builtin:xor --json=1
refuse "--lr is -1: wants a number above 0, default 0.001" train builtin:xor --lr -1
refuse "--lr is -1: wants a number above 0, default 0.001" train --lr=-1 builtin:xor
refuse "--lr is 0: wants a number above 0" train builtin:xor --lr 0
refuse "--lr is 1e-60: wants a number above 0" train builtin:xor --lr 1e-60
refuse "--lr is '0,1': wants a number" train builtin:xor --lr 0,1
refuse "wants a number above 0" train builtin:xor --lr nan
refuse "wants a number above 0" train builtin:xor --lr inf
refuse "--epochs is 'x': wants a whole number of 1 or more" train builtin:xor --epochs x
refuse "--epochs is '3x': wants a whole number of 1 or more" train builtin:xor --epochs 3x
refuse "--epochs is 2.5: wants a whole number" train builtin:xor --epochs 2.5
refuse "--epochs is 99999999999: wants a whole number" train builtin:xor --epochs 99999999999
refuse "--epochs is 99999999999: wants a whole number of 1 or more and at most 2147483647" train builtin:xor --epochs 99999999999
refuse "--lr is 1e99: wants a number above 0 and at most 3.4e38" train builtin:xor --lr 1e99
refuse "lr is 1e30: wants a number above 0 and below 1e30" train builtin:xor --lr 1e30
refuse "--epsilon is 2: wants a number above 0 and below 1" train builtin:xor --epsilon 2
refuse "--batch is 0: wants a whole number of 1 or more, or all, default 32" train builtin:xor --batch 0
refuse "--steps is -5" train builtin:xor --steps -5
refuse "--threads is 1000: wants a whole number from 1 to 256" train builtin:xor --threads 1000
refuse "--seed is 0" train builtin:xor --seed 0
refuse "--seed is 18446744073709551616" train builtin:xor --seed 18446744073709551616
refuse "--momentum is 1: wants a number above 0 and below 1" train builtin:xor --optimizer momentum --momentum 1
refuse "--beta2 is 0.99999999999" train builtin:xor --beta2 0.99999999999
refuse "--decay is -1: wants a number of 0 or more" train builtin:xor --decay -1
refuse "--patience is -1: wants a whole number of 0 or more, default 10 without" train builtin:xor --patience -1
refuse "--decay is -1: wants a number of 0 or more, default 0.01 for adamw, else 0" train builtin:xor --decay -1
refuse "--epochs is 0: wants a whole number of 1 or more (default: until 10 epochs" train builtin:xor --epochs 0
refuse "--threads is 0: wants a whole number from 1 to 256 (default: the usable cores)" train builtin:xor --threads 0
refuse "no loss is called adam: it is of the kind optimizer" catalogue loss adam
refuse "--validation is 1.5" train builtin:xor --validation 1.5
refuse "--task is 'clasification': wants classification or regression" train builtin:xor --task clasification
refuse "--part is 'tset': wants train, validation, test or all" eval run --part tset
refuse "--epochs and --steps" train builtin:xor --epochs 1 --steps 1
refuse "--overwrite wants -o" train builtin:xor --overwrite
refuse "leave out --epochs" train --resume run --epochs 3
refuse "leave out builtin:xor" train --resume run builtin:xor

# --- arguments
refuse "DATA is missing" train
refuse "DATA is missing" train --epochs 3
refuse "one argument too many: 'more'" train builtin:xor more
refuse "one argument too many: '--json'" train -- builtin:xor --json
refuse "RUN is missing" eval
refuse "RUN is missing" show
refuse "DATA is missing" predict run
refuse "unknown figure 'curve': did you mean 'curves'?" plot run curve
refuse "SHELL is 'tcsh': wants bash, zsh or fish" completion tcsh
refuse "did you mean slope help optimizers?" help optimizer
refuse "nothing is called zzzzzz" help zzzzzz

# --- words that the library knows
refuse "adam" train builtin:xor --optimizer adma
refuse "did you mean 'cosine'?" train builtin:xor --schedule cosin
refuse "where that ends is not known: give epochs or steps (--epochs, --steps)" train builtin:xor --schedule cosine
refuse "or warmup as a number of steps" train builtin:xor --warmup 0.1
refuse "warmup is 1.5: wants a whole number of steps, or a share of all steps" train builtin:xor --warmup 1.5 --steps 9
refuse "--warmup is -1: wants a number of 0 or more" train builtin:xor --warmup -1
refuse "warmup lasts to step 9, and the training to step 9" train builtin:xor --warmup 9 --steps 9
refuse "to step 200 at most (200 epochs): wants a shorter one" train builtin:xor --warmup 200
refuse "cross_entropy" train builtin:spiral --loss cros_entropy
refuse "xavier" train builtin:xor --init xaver
refuse "relu" train builtin:xor --net "8 rleu"
refuse "dropout" train builtin:xor --net "8 relu, dropuot 0.2"
refuse "did you mean 'mse'?" train builtin:line --loss msee
refuse "linear alone" train builtin:xor --net "linear, 4 relu"
refuse "found the end at character 8" train builtin:xor --net "4 relu,"
refuse "found a comma at character 9" train builtin:xor --net "4 relu, , 3"
for units in -4 4.5 99999999999; do
    refuse "found '$units' at character 1: wants how many units, a whole number from 1" train builtin:xor --net "$units relu"
done
refuse "xor" train builtin:xorr
refuse "rows" train "builtin:spiral?row=3"
SLOPE_ISA=avx9
export SLOPE_ISA
refuse "SLOPE_ISA" train builtin:xor
unset SLOPE_ISA

# --- set-ups that would learn nonsense
refuse "leave '10 softmax' out" train builtin:digits --net "32 relu, 10 softmax"
refuse "leave '2 softmax' out" train builtin:xor --net "2 softmax, dropout 0.1" --loss cross_entropy
refuse "ends in 'softmax', but it lists the hidden layers" train builtin:digits --net "10, softmax"
refuse "leave 'log_softmax' out" train builtin:digits --net "32 relu, 10, log_softmax, dropout 0.1"
refuse "dense_1: step: its slope is 0 wherever it has one, so gradient training cannot learn" \
    train builtin:spiral --net "8 step"

# --- data and files
refuse "nowhere" train nowhere
refuse "nowhere" train builtin:xor --test nowhere
refuse "nowhere" eval nowhere builtin:xor
refuse "nowhere" predict nowhere builtin:xor
refuse "nowhere" show nowhere
refuse "nowhere" plot nowhere
refuse "nowhere" train --resume nowhere
mkdir empty
refuse "empty" train empty
refuse "empty" show empty
refuse "empty" train --resume empty
echo "not a model" >file
refuse "file" show file
refuse "DATA is missing" eval file
refuse "file" train builtin:xor -o file
refuse "file" train builtin:xor -o file/run

# images FILE COUNT, labels FILE COUNT: IDX, 2 x 2 pixels, classes 0 and 1
images() {
    {
        printf '\0\0\10\3\0\0\0'
        printf "\\$(printf %o "$2")"
        printf '\0\0\0\2\0\0\0\2'
        head -c $(($2 * 4)) /dev/zero
    } >"$1"
}
labels() {
    {
        printf '\0\0\10\1\0\0\0'
        printf "\\$(printf %o "$2")"
        awk -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf(i % 2 ? "b" : "a") }' | tr ab '\0\1'
    } >"$1"
}
folder() {
    rm -rf idx
    mkdir idx
    images idx/train-images-idx3-ubyte 8
    labels idx/train-labels-idx1-ubyte 8
}
folder
run train idx --steps 2 --json -o "$kit_folder/idx"
check "a small IDX folder can be trained on" test "$status" = 0
# a run is bound to no place: what it names is found from where it was begun
sed 's/"status": "finished"/"status": "running"/' "$kit_folder/idx/run.json" >run.json
mv run.json "$kit_folder/idx/run.json"
mkdir elsewhere
(cd elsewhere && "$slope" eval "$kit_folder/idx" >/dev/null 2>&1 && "$slope" train --resume "$kit_folder/idx" >/dev/null 2>&1)
check "eval and --resume find a relative DATA from another folder" test $? = 0
folder
printf '\0\0\10\4' | dd of=idx/train-images-idx3-ubyte conv=notrunc 2>/dev/null
refuse "train-images-idx3-ubyte" train idx
folder
head -c 30 idx/train-images-idx3-ubyte >idx/cut
mv idx/cut idx/train-images-idx3-ubyte
refuse "train-images-idx3-ubyte" train idx
folder
labels idx/train-labels-idx1-ubyte 7
refuse "labels" train idx
folder
rm idx/train-labels-idx1-ubyte
refuse "labels" train idx
folder
: >idx/train-images-idx3-ubyte
refuse "train-images-idx3-ubyte" train idx
folder
printf '\0\0\0\0\0\0\377\0' | dd of=idx/train-labels-idx1-ubyte conv=notrunc seek=8 bs=1 2>/dev/null
refuse "the label of row 6 is 255, but no training row has the label 1: classes" train idx
printf '\3\3\3\3\3\3\3\3' | dd of=idx/train-labels-idx1-ubyte conv=notrunc seek=8 bs=1 2>/dev/null
refuse "all 8 training rows are of class 3" train idx
folder
images idx/t10k-images-idx3-ubyte 4
labels idx/t10k-labels-idx1-ubyte 4
printf '\7' | dd of=idx/t10k-labels-idx1-ubyte conv=notrunc seek=9 bs=1 2>/dev/null
refuse "label 7 of row 1 is out of range: the training labels are 0 to 1" train idx
rm -rf idx

run train builtin:spiral --net "4 tanh" --steps 20 -o "$kit_folder/run" --json
check "a run to spoil" test "$status" = 0
head -c 200 "$kit_folder/run/model.safetensors" >cut.safetensors
refuse "cut.safetensors" show cut.safetensors
refuse "cut.safetensors" eval cut.safetensors builtin:spiral
refuse "cut.safetensors" predict cut.safetensors builtin:spiral
refuse "nofolder" predict "$kit_folder/run" builtin:spiral -o nofolder/x.csv
refuse "finished" train builtin:spiral -o "$kit_folder/run"
refuse "xor" predict "$kit_folder/run" builtin:xorr
folder
run train idx --steps 2 --json -o "$kit_folder/moved"
rm -rf idx
refuse "say where it is: slope eval RUN DATA" eval "$kit_folder/moved"
cp -r "$kit_folder/run" "$kit_folder/cut"
sed 's/"finished"/"running"/' "$kit_folder/run/run.json" >"$kit_folder/cut/run.json"
head -c 300 "$kit_folder/run/last.safetensors" >"$kit_folder/cut/last.safetensors"
refuse "last.safetensors" train --resume "$kit_folder/cut"
check "a checkpoint that cannot be read is not said to be continued" sh -c '! grep -q "^resuming" "$1"' sh "$err"
run train builtin:plane --optimizer sgd --lr 50 --epochs 2 -o "$kit_folder/diverged"
check "a run that diverges: status 1" test "$status" = 1
refuse "holds a run that diverged: choose another folder" train builtin:plane -o "$kit_folder/diverged"

finish
