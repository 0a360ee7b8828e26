# Runs inside the machine of machine.sh, as root, under qemu: limits of the sandbox by cgroup v2, which a machine under
# systemd has. One start of our program: a tool forks until it is stopped, another pair takes memory until it is killed.
set -u
. /job/inside.sh

main() {
  head_line 'a tool with limits'
  echo "    $(stat -f -c %T /sys/fs/cgroup), kernel $(uname -r), controllers of system.slice: $(cat /sys/fs/cgroup/system.slice/cgroup.subtree_control)"
  mkdir -p /job/config
  printf 'sandbox:\n  limits: {processes: 40, memory: 96MB, cpu: 0.5}\n' >/job/config/config.yaml
  tool >/job/tool.sh
  "$node" "$program" sandbox run --config /job/config -- sh -c "$(cat /job/tool.sh)" >/job/said 2>&1 </dev/null &
  pid=$!
  await 600 grep -q '^forked' /job/said || { say NO 'the tool began'; cat /job/said; exit 1; }
  group=$(ls -d /sys/fs/cgroup/system.slice/hardshell-*/look)
  echo "    $group"
  as_set 'while it runs'
  check 'the kernel counted what was refused (pids.events)' test "$(awk '$1 == "max" {print $2}' "$group/pids.events")" -gt 0
  check "never more than its 40 (pids.peak $(cat "$group/pids.peak" 2>/dev/null))" test "$(cat "$group/pids.current")" -le 40
  others
  wait $pid
  cat /job/said
  check 'it was refused more processes' grep -qE '^forked [0-9]+: .*Resource temporarily unavailable' /job/said
  check 'two programs, each below the limit, were too much together' grep -q '^killed [1-9]' /job/said
  check 'the tool itself went on' grep -q '^over$' /job/said
  expect 'groups left behind' 0 "$(find /sys/fs/cgroup -type d -name 'hardshell-*' | wc -l)"
  check 'the kernel says whose limit it was' dmesg_says
  echo "$failed failed"
  [ "$failed" = 0 ]
}

# Data for a shell inside. Two of 60 MB each, both waiting until the other has its own.
tool() {
  cat <<'TOOL'
python3 -c '
import os, time
n = 0
try:
    while n < 200:
        if os.fork() == 0:
            time.sleep(25)
            os._exit(0)
        n += 1
    print("forked", n, "and nobody said no", flush=True)
except OSError as e:
    print("forked %d: %s" % (n, e), flush=True)
time.sleep(25)
'
wait
a='import time; x = bytearray(60 * 1024 * 1024); x[::4096] = b"x" * len(x[::4096]); time.sleep(20)'
python3 -c "$a" & first=$!
python3 -c "$a" & second=$!
killed=0
wait $first || killed=$((killed + 1))
wait $second || killed=$((killed + 1))
echo "killed $killed"
python3 -c 'x = bytearray(60 * 1024 * 1024); x[::4096] = b"x" * len(x[::4096]); print("one alone has room")'
echo over
TOOL
}

as_set() {
  expect "$1: pids.max" 40 "$(cat "$group/pids.max")"
  expect "$1: memory.max" $((96 * 1024 * 1024)) "$(cat "$group/memory.max")"
  expect "$1: memory.swap.max" 0 "$(cat "$group/memory.swap.max" 2>/dev/null || echo 0)"
  expect "$1: cpu.max" '50000 100000' "$(cat "$group/cpu.max")"
}

# systemd owns the tree and sets the controllers of its slices anew whenever units come and go.
others() {
  systemctl daemon-reload
  systemd-run -q --wait -p TasksMax=20 -p MemoryMax=50M -p CPUQuota=20% true
  systemctl daemon-reload
  as_set 'after systemd went over its tree'
}

dmesg_says() { dmesg | grep -q 'oom-kill:constraint=CONSTRAINT_MEMCG.*hardshell-.*/look'; }

main
