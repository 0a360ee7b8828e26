# Runs inside the machine of machine.sh, as root, under qemu: the power is cut in the middle of a hardening, between two
# writes, and what was in memory only is lost. Nobody is there to take it back but the next start. VM_SECONDS=3600.
# VM_ENV="CUTS=3:9" is after how many steps. In the container, which loses nothing that is in memory, with
# VM_ENV="ONLY=sshd,firewall,accounts,files".
set -u
. /job/inside.sh
# Files, commands, the kernel, the firewall, sshd: every kind of step and no installation of packages.
only=${ONLY:-sshd,firewall,kernel,accounts,files}
runs=/var/lib/hardshell/guard/harden
unit=hardshell-harden-undo.service

main() {
  if [ "$STAGE" = 1 ]; then stock; else came_back; fi
  at=$(echo "${CUTS:-3:12}:" | cut -d: -f"$STAGE")
  [ -n "$at" ] || { echo "$failed failed"; [ "$failed" = 0 ]; exit; }
  cut_after "$at"
}

# Read without our program: each of its starts costs half a minute here.
newest() { ls "$runs" 2>/dev/null | grep -E '^[0-9]{8}-' | tail -1; }
state() { sed -n 's/.*"state":"\([a-z]*\)".*/\1/p' "$runs/$(newest)/standing.json" 2>/dev/null; }
steps_done() { grep -c '"done"' "$runs/$(newest)/journal.jsonl" 2>/dev/null || true; }
steps_planned() { grep -c '"kind":' "$runs/$(newest)/plan.json"; }
is_undone() { [ "$(state)" = undone ]; }

stock() {
  head_line 'stock'
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  # Written by the first call of it, and no part of what a hardening does.
  ufw status >/dev/null
  manifest /job/before
  sync
}

cut_after() {
  head_line "the power is cut after $1 steps"
  was=$(newest)
  # What this script has said so far is to be there after; from here on nothing is made sure of but by the program itself.
  sync
  "$node" "$program" harden --only "$only" --yes --confirm-within 30m >/job/said 2>&1 &
  pid=$!
  until [ "$(newest)" != "$was" ] && [ "0$(steps_done)" -ge "$1" ]; do kill -0 $pid 2>/dev/null || break; sleep 0.05; done
  kill -0 $pid 2>/dev/null || { say NO "it was over before it was cut: $(tail -3 /job/said)"; exit 1; }
  echo "    $(steps_done) of $(steps_planned) steps done, state $(state)"
  cut_power
}

came_back() {
  head_line 'after the power cut'
  outside
  if await 300 is_undone; then say ok "taken back at the start of the machine (run $(newest), $(steps_done) steps had been done)"; else say NO "state $(state)"; systemctl status $unit --no-pager -l; fi
  journalctl -b --no-pager -o short-monotonic -u $unit -u ssh | tail -12
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  manifest /job/now
  compare 'after the power cut' /job/before /job/now
  expect 'unit for the next start' absent "$(test -e /etc/systemd/system/$unit && echo there || echo absent)"
  left=$(find / -xdev -name '.hardshell-2*' -not -path '/proc/*')
  expect 'left behind' '' "$left"
}

main
