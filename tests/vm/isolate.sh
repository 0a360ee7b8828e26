# Runs inside the machine of machine.sh, as root: `hardshell isolate` under a booted systemd. Rules nobody confirms go by
# themselves, whoever dies; confirmed ones come back with the machine; every escape is tried from inside. VM_SECONDS=5400.
set -u
. /job/inside.sh

main() {
  case "$STAGE" in
    1) stock; unconfirmed; killed; pending; exit 75 ;;
    2) gone 'a restart before the confirmation'; pending; head_line 'the power is cut'; cut_power ;;
    3) gone 'a power cut before the confirmation'; confirmed; exit 75 ;;
    4) comes_back; undone; echo "$failed failed"; [ "$failed" = 0 ]; exit ;;
  esac
}

stock() {
  head_line 'stock, with rules of somebody else'
  outside
  nft -f - <<'RULES'
table ip somebody {
  chain input {
    type filter hook input priority 0; policy accept;
    tcp dport 22 accept
  }
}
RULES
  rules >/job/rules
  manifest /job/before
  timed hardshell isolate plan --mode nftables >/job/said 2>&1
  echo "    exit $?, $(wc -l </job/said) lines"
}

rules() { nft list ruleset | sed -E 's/packets [0-9]+ bytes [0-9]+//'; }
field() { "$node" -e 'const r = JSON.parse(require("fs").readFileSync("/var/lib/hardshell/guard/isolation.json", "utf8")); console.log(eval("r." + process.argv[1]))' "$1" 2>/dev/null; }
applied() {
  timed hardshell isolate apply --mode nftables "$@" >/job/said 2>&1
  rc=$?
  tail -1 /job/said
  expect 'isolate apply' 0 "$rc"
  uid=$(field confinement.uid)
  echo "    uid $uid, $(field state)"
  # Everything after it would pass for nobody.
  [ -n "$uid" ] || { cat /job/said; echo "$((failed + 1)) failed"; exit 1; }
}
# Does this user reach a listener of another machine?
reaches() { setpriv --reuid "$1" --regid "$1" --clear-groups -- timeout 5 bash -c 'exec 3<>/dev/tcp/192.0.2.2/7' 2>/dev/null; }
listener() { ip netns exec outside "$node" -e 'require("net").createServer((s) => s.end()).listen(7, "192.0.2.2")' & await 30 reaches 65000; }
holds() { reaches "$uid" && say NO "$1: uid $uid is held" || say ok "$1: uid $uid is held"; check "$1: others are not" reaches $((uid + 1)); expect "$1: SSH from another machine" ana "$(ssh_in whoami)"; }
is_gone() { [ ! -e /var/lib/hardshell/guard/isolation.json ]; }
free() { check "$1: uid $uid is free again" reaches "$uid"; rules >/job/now.rules; cmp -s "$2" /job/now.rules && say ok "$1: the rules of the kernel are as before" || { say NO "$1: rules"; diff "$2" /job/now.rules; }; }

unconfirmed() {
  head_line 'nobody confirms'
  listener
  applied --within 30s
  holds 'applied'
  systemctl list-units --no-legend --no-pager 'hardshell*'
  await 120 is_gone && say ok 'it went by itself' || say NO "it went by itself: $(field state)"
  free 'nobody confirmed' /job/rules
}

killed() {
  head_line 'the timer is killed: the kernel forgets by itself'
  applied --within 30s
  systemctl list-units --no-legend --no-pager --plain 'hardshell*' | awk '{print $1}' | xargs -r systemctl kill -s KILL
  holds 'timer killed'
  await 120 reaches "$uid" && say ok 'the kernel forgot the user' || say NO 'the kernel forgot the user'
  hardshell isolate undo >/dev/null 2>&1
  free 'after undo' /job/rules
  head_line 'apply is killed on its way'
  for wait in 0.2 1 2 3; do
    "$node" "$program" isolate apply --mode nftables --within 30s >/job/said 2>&1 &
    pid=$!
    until [ -e /var/lib/hardshell/guard/isolation.json ]; do kill -0 $pid 2>/dev/null || break; sleep 0.05; done
    sleep "$wait"
    kill -9 $pid 2>/dev/null && echo "    killed $wait s after it began, state $(field state)"
    wait $pid 2>/dev/null
    await 120 is_gone || say NO "killed after $wait s: $(field state)"
    free "killed after $wait s" /job/rules
  done
}

pending() {
  head_line 'it waits to be confirmed'
  applied --within 30m
  holds 'waiting'
}

gone() {
  head_line "after $1"
  outside
  listener
  uid=${uid:-$(field confinement.uid)}
  expect "$1: rules of ours" 0 "$(nft list tables | grep -c hardshell)"
  hardshell isolate status
  check "$1: uid $uid is free" reaches "$uid"
}

confirmed() {
  head_line 'confirmed'
  applied --within 30m
  hardshell isolate confirm | tee /job/said
  # The two commands it names.
  sed -n 's/^ *now type: *//p' /job/said | while read -r line; do echo "    $line"; $line; done
  timed hardshell isolate verify --json >/job/verify 2>/job/verify.err
  "$node" -e '
    const list = JSON.parse(require("fs").readFileSync("/job/verify", "utf8"))
    const by = {}; for (const { result } of list) by[result] = (by[result] ?? 0) + 1
    console.log("    isolate verify:", list.length, JSON.stringify(by))
    for (const a of list) if (a.result !== "refused") console.log("     ", a.result, a.id, a.detail)
    process.exit(by.escaped > 0 ? 1 : 0)' && say ok 'nothing escaped' || { say NO 'nothing escaped'; head -c 800 /job/verify.err; }
  holds 'confirmed'
}

comes_back() {
  head_line 'after the restart'
  outside
  listener
  uid=$(field confinement.uid)
  systemctl status 'hardshell-isolation-*' --no-pager -l | head -8
  holds 'after the restart'
  hardshell isolate status
}

undone() {
  head_line 'undo'
  hardshell isolate undo
  systemctl daemon-reload
  check "undone: uid $uid is free" reaches "$uid"
  expect 'undone: rules of ours' 0 "$(nft list tables | grep -c hardshell)"
  manifest /job/after
  # The rules of somebody else were in no file, and went with the first restart.
  compare 'undo' /job/before /job/after 'rights digests sysctl units'
}

main
