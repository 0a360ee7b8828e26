# Runs inside the machine of machine.sh, as root: a hardening nobody confirms comes back by itself under a booted systemd,
# whoever dies meanwhile: the command, its timer, the machine. VM_SECONDS=5400. VM_ENV="SHORT=yes" is one
# hardening and a power cut before it is confirmed, "KILLS=5" only commands that are killed.
set -u
. /job/inside.sh
# Files, commands, the kernel, the firewall, sshd: every kind of step and no installation of packages.
only=${ONLY:-sshd,firewall,kernel,accounts,files}

main() {
  case "$STAGE" in
    1) stock; [ -n "${SHORT-}" ] && { pending; power_cut 'while it waits to be confirmed'; }
      [ -n "${KILLS-}" ] && { killed; killed_with_timer; end; }; unconfirmed; killed; killed_with_timer; pending; head_line 'restart before the confirmation'; exit 75 ;;
    2) back 'a restart before the confirmation'; [ -n "${SHORT-}" ] && end; pending; power_cut 'while it waits to be confirmed' ;;
    3) back 'a power cut'; cut_at "${CUT:-5}" ;;
    4) back 'a power cut in the middle of apply'; end ;;
  esac
}

end() { echo "$failed failed"; [ "$failed" = 0 ]; exit; }

stock() {
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  # Written by the first call of it, and no part of what a hardening does.
  ufw status >/dev/null
  manifest /job/before
}

harden() { hardshell harden --only "$only" --yes "$@"; }
state() { hardshell harden list --json | "$node" -e 'const runs = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(runs.at(-1)?.state ?? "none")'; }
is_undone() { [ "$(state)" = undone ]; }
newest() { ls /var/lib/hardshell/guard/harden 2>/dev/null | grep -E '^[0-9]{8}-' | tail -1; }
steps_done() { grep -c done "/var/lib/hardshell/guard/harden/$(newest)/journal.jsonl" 2>/dev/null || true; }

same_as_before() {
  expect "$1: SSH from another machine" ana "$(ssh_in whoami)"
  manifest /job/now
  compare "$1" /job/before /job/now
  expect "$1: unit for the next start" absent "$(test -e /etc/systemd/system/hardshell-harden-undo.service && echo there || echo absent)"
  find / -xdev -name '.hardshell-2*' -not -path '/proc/*' | sed 's/^/NO  left behind: /'
}

pending() {
  timed harden --confirm-within 30m >/job/said 2>&1
  echo "    exit $?: $(grep -E '^(done|error)' /job/said)"
  expect 'it waits' pending "$(state)"
  check 'the firewall is up' test "$(ufw status | head -1)" = 'Status: active'
  check 'the unit for the next start is there' test -e /etc/systemd/system/hardshell-harden-undo.service
}

unconfirmed() {
  head_line 'nobody confirms'
  timed harden --confirm-within 20s >/job/said 2>&1
  grep -E '^(done|taken back|refused|not done|error|in force)' /job/said || tail -20 /job/said
  expect 'it waits' pending "$(state)"
  systemctl list-units --no-legend --no-pager 'hardshell*'
  if await 180 is_undone; then say ok 'it came back by itself'; else say NO "it came back by itself: $(state)"; journalctl --no-pager -u 'hardshell-harden*' | tail -20; fi
  same_as_before 'nobody confirmed'
}

# The command dies by SIGKILL when so many steps are done, over SSH as an operator would be cut off.
killed() {
  for at in ${KILLS:-1 3 5 7}; do
    head_line "killed after $at steps"
    was=$(newest)
    "$node" "$program" harden --only "$only" --yes --confirm-within 30m >/job/said 2>&1 &
    pid=$!
    until [ "$(newest)" != "$was" ] && [ "0$(steps_done)" -ge "$at" ]; do kill -0 $pid 2>/dev/null || break; sleep 0.05; done
    kill -9 $pid && echo "    killed with $(steps_done) steps done, state $(state)" || { say NO "killed after $at steps: it was already over, state $(state)"; hardshell harden undo; }
    wait $pid 2>/dev/null
    if await 180 is_undone; then say ok "killed after $at steps: it came back by itself"; else say NO "killed after $at steps: $(state)"; journalctl --no-pager -u 'hardshell-harden*' | tail; hardshell harden undo; fi
    same_as_before "killed after $at steps"
  done
}

killed_with_timer() {
  head_line 'killed together with its timer'
  was=$(newest)
  "$node" "$program" harden --only "$only" --yes --confirm-within 30m >/job/said 2>&1 &
  pid=$!
  until [ "$(newest)" != "$was" ] && [ "0$(steps_done)" -ge 4 ]; do kill -0 $pid 2>/dev/null || break; sleep 0.05; done
  kill -9 $pid
  systemctl kill -s KILL "hardshell-harden-$(newest)"
  wait $pid 2>/dev/null
  sleep 5
  echo "    state $(state)"
  # The next call takes it back before it plans; what it then finds to do is not done.
  hardshell harden --only backups --json >/job/said 2>&1
  expect 'the next call takes it back' undone "$(state)"
  same_as_before 'killed together with its timer'
}

back() {
  head_line "after $1"
  outside
  if await 120 is_undone; then say ok "after $1: taken back at the start of the machine"; else say NO "after $1: $(state)"; systemctl status hardshell-harden-undo --no-pager -l; fi
  journalctl -b --no-pager -u hardshell-harden-undo -u ssh | tail -12
  same_as_before "$1"
}

power_cut() {
  head_line "the power is cut $1"
  cut_power
}

cut_at() {
  was=$(newest)
  "$node" "$program" harden --only "$only" --yes --confirm-within 30m >/job/said 2>&1 &
  until [ "$(newest)" != "$was" ] && [ "0$(steps_done)" -ge "$1" ]; do kill -0 $! 2>/dev/null || break; sleep 0.05; done
  echo "    $(steps_done) steps done, state $(state)"
  power_cut 'in the middle of apply'
}

main
