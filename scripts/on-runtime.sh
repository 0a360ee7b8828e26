#!/bin/sh
# Runs a script of the project on the right Node, installing what is missing first: `sh scripts/on-runtime.sh
# scripts/test.ts …`. The folder it is started in stays the current one; npm starts it in the clone.
set -u
unset CDPATH
root=$(cd -P -- "$(dirname -- "$0")/.." && pwd -P) || exit 70
. "$root/scripts/runtime.sh"
get_ready

# Tools that start `node` by name get the same one.
PATH=${node%/*}:$PATH
NODE_COMPILE_CACHE=$runtime/compile-cache
export PATH NODE_COMPILE_CACHE
exec "$node" "$@"
