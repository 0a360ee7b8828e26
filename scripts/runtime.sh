#!/bin/sh
# Sourced by ./hardshell and scripts/on-runtime.sh, with `root` set to the clone. `get_ready` installs what is
# missing (a Node that is new enough, the project's packages) and leaves the Node to use in `node`.
#
# Written for dash, busybox and the bash 3.2 of macOS. When nothing is missing it starts one or two short
# programs (cksum, `node --version`) and nothing else: every start pays for this file.

runtime=${root:?}/.runtime

# What is installed here is run, by root perhaps: nobody else may be able to change it, whatever the caller's umask.
umask 022

get_ready() {
  choose_node && packages_are_current && return
  take_lock # and look again: whoever held it may have done the work
  choose_node || install_node
  packages_are_current || install_packages
  drop_lock
}

# The same floor as `engines` in package.json, which is OpenClaw's own (docs/decisions/0001-node-floor.md).
meets_floor() {
  floor_major=${1#v}
  floor_minor=${floor_major#*.}
  floor_major=${floor_major%%.*}
  floor_minor=${floor_minor%%.*}
  case "$floor_major$floor_minor" in '' | *[!0-9]*) return 1 ;; esac
  case "$floor_major" in
    24) [ "$floor_minor" -ge 16 ] ;;
    26) [ "$floor_minor" -ge 1 ] ;;
    *) [ "$floor_major" -gt 26 ] ;;
  esac
}

# A Node of ours wins over the one in PATH: it is there because PATH's was too old, and asking PATH's again on
# every start would cost a process.
choose_node() {
  if [ -x "$runtime/bin/node" ] && is_stamped "$runtime/node/stamp" "$root/scripts/runtime/package-lock.json"; then
    node=$runtime/bin/node
    return
  fi
  node=$(command -v node) && meets_floor "$(node --version 2>/dev/null)"
}

packages_are_current() { is_stamped "$root/node_modules/.hardshell-stamp" "$root/package-lock.json"; }

# A stamp holds checksum and size of the lock file that was installed. Times are no evidence: a checkout, a copy
# or an unpacked archive sets them as it likes. `cksum` because slim images lack `cmp` and macOS lacks `sha256sum`;
# it guards against a stale tree, not against an attacker, for whom npm checks the SHA-512 in the lock file.
is_stamped() {
  [ -f "$1" ] && IFS= read -r stamped <"$1" && [ "$stamped" = "$(cksum <"$2")" ]
}

install_node() {
  say "this machine's Node is older than OpenClaw needs; fetching one into .runtime (about 50 MB, once)"
  mkdir -p "$runtime/node" "$runtime/bin" || give_up "cannot write to $runtime" "ls -ld '$root'"
  cp "$root/scripts/runtime/package.json" "$root/scripts/runtime/package-lock.json" "$runtime/node/"
  npm_ci "$runtime/node" --include=optional
  for node in "$runtime"/node/node_modules/node-*/bin/node; do
    meets_floor "$("$node" --version 2>/dev/null)" || continue
    ln -sf "../${node#"$runtime"/}" "$runtime/bin/node"
    cksum <"$root/scripts/runtime/package-lock.json" >"$runtime/node/stamp"
    return
  done
  # npm treats a platform package it could not fetch as optional and says nothing, so both causes end here.
  give_up "no Node could be fetched for $(uname -sm): the package registry did not answer, or has none for it" \
    "npm ping   (then the same command again; or install Node 24.16 or newer yourself)"
}

install_packages() {
  say 'installing the packages of this clone (about 350, OpenClaw among them; one to three minutes, once)'
  # `dev` even under NODE_ENV=production: the pinned OpenClaw is a development dependency of the clone.
  npm_ci "$root" --include=dev --include=optional
  cksum <"$root/package-lock.json" >"$root/node_modules/.hardshell-stamp"
}

# npm runs on the Node it came with, however old. Lifecycle scripts are off, so what it installs does not depend
# on that; only its check of `engines` would object. Retries are short: offline must be said in seconds.
npm_ci() {
  command -v npm >/dev/null ||
    give_up 'npm is not in PATH' 'install Node with npm (any version from 20), then the same command again'
  where=$1
  shift
  npm ci --prefix "$where" --ignore-scripts --engine-strict=false --prefer-offline --no-audit --no-fund \
    --no-update-notifier --no-progress --loglevel=error --fetch-retries=2 --fetch-retry-mintimeout=1000 \
    --fetch-retry-maxtimeout=4000 "$@" </dev/null >/dev/null &
  installer=$!
  say_still_working &
  heartbeat=$!
  wait "$installer"
  npm_status=$?
  kill "$heartbeat" 2>/dev/null
  wait "$heartbeat" 2>/dev/null
  installer=
  [ "$npm_status" -eq 0 ] && return
  give_up "npm could not install into $where (status $npm_status; its own words, if any, are above)" \
    'npm ping   (does the package registry answer? then the same command again)'
}

# Ends with the launcher even when that is killed; `sleep` holds none of our output open.
say_still_working() {
  seconds=0
  while sleep 10 >/dev/null 2>&1 && kill -0 "$$" 2>/dev/null; do
    seconds=$((seconds + 10))
    say "  still installing, ${seconds} s"
  done
}

# npm is in the background, where shells make it deaf to Ctrl-C, so that the signal reaches us: we pass it on.
interrupted() {
  if [ -n "$installer" ]; then
    say 'stopping npm, which takes back what it has half done (up to 15 s)'
    kill "$installer" "$heartbeat" 2>/dev/null
    wait "$installer" 2>/dev/null
  fi
  drop_lock
  exit "$1"
}

# One installer at a time. The lock is a symbolic link because making one is a single step that carries its owner:
# a folder or a file would exist for a moment without saying whose it is.
take_lock() {
  mkdir -p "$runtime" 2>/dev/null
  [ -w "$runtime" ] || give_up "cannot write to $runtime, where the missing parts would go" \
    "ls -ld '$root'   (start it once as the owner of the clone)"
  installer=
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
  trap 'interrupted 129' HUP
  waited=0
  vanished=0
  until ln -s "$$" "$runtime/lock" 2>/dev/null; do
    owner=$(readlink "$runtime/lock" 2>/dev/null)
    if [ -z "$owner" ]; then # released this very moment, or there is another reason why no link can be made
      vanished=$((vanished + 1))
      [ "$vanished" -lt 5 ] ||
        give_up "cannot make the link $runtime/lock" "ls -ld '$runtime'; command -v ln readlink sleep"
    elif ! kill -0 "$owner" 2>/dev/null; then
      break_lock "$owner"
    else
      [ $((waited % 10)) -ne 0 ] || say "another start is installing (process $owner); waiting, ${waited} s"
      [ "$waited" -lt 900 ] || give_up "process $owner has held $runtime/lock for 15 minutes" "rm '$runtime/lock'"
      waited=$((waited + 1))
      sleep 1
    fi
  done
  locked=yes
}

# The owner is dead. Two waiters may see that at once and the slower must not remove the faster one's new lock,
# so removal is itself under a lock, and looks once more.
break_lock() {
  ln -s "$$" "$runtime/lock-breaker" 2>/dev/null || {
    sleep 1 # the breaker lives for milliseconds: if it is still there, its maker died
    rm -f "$runtime/lock-breaker"
    return
  }
  [ "$(readlink "$runtime/lock")" = "$1" ] && rm -f "$runtime/lock"
  rm -f "$runtime/lock-breaker"
}

drop_lock() {
  [ "${locked:-no}" = yes ] || return 0
  rm -f "$runtime/lock"
  locked=no
  trap - INT TERM HUP
}

say() { printf 'hardshell: %s\n' "$*" >&2; }

# 6 is "a program is missing" in docs/reference/exit-codes.md.
give_up() {
  drop_lock
  printf 'hardshell: %s\n  next: %s\n' "$1" "$2" >&2
  exit 6
}
