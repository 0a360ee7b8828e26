# Runs inside the machine of machine.sh, as root, under qemu: only a kernel of its own takes kernel settings outside of
# `net` and audits. They are hardened over SSH, confirmed, there after a real restart, and gone after an undo and another.
# VM_SECONDS=3600. VM_ENV="GATEWAY=no" leaves the start of OpenClaw out, its slowest part; "ONLY=kernel,sshd.no-password-login"
# the installation of auditd.
set -u
. /job/inside.sh
only=${ONLY:-kernel,sshd.no-password-login,services.audit-daemon}

main() {
  case "$STAGE" in
    1) stock; hardened; exit 75 ;;
    2) restarted; undone; exit 75 ;;
    3) as_before; echo "$failed failed"; [ "$failed" = 0 ]; exit ;;
  esac
}

value() { cat "/proc/sys/$(echo "$1" | tr . /)" 2>/dev/null; }
# What the run wrote into its own file, as `key=value` lines.
ours() { sed -n 's/^\([a-z][a-z0-9_.]*\) *= *\(.*\)$/\1=\2/p' /etc/sysctl.d/*hardshell*.conf 2>/dev/null; }
holds() {
  ours >/job/ours
  check "$1: the run wrote kernel settings" test -s /job/ours
  while IFS='=' read -r key wanted; do expect "$1: $key" "$wanted" "$(value "$key")"; done </job/ours
}
# The kernel itself says so, and not what a file says.
audits() {
  auditctl -s 2>/dev/null | grep -E '^(enabled|pid|lost)' | tr '\n' ' '; echo
  check "$1: the kernel audits" test "$(auditctl -s 2>/dev/null | awk '$1 == "enabled" {print $2}')" = 1
  check "$1: a daemon takes what it says" test "0$(auditctl -s 2>/dev/null | awk '$1 == "pid" {print $2}')" -gt 0
  ssh_in true
  check "$1: a login is in its log" await 30 grep -q 'type=USER_START.*sshd.*res=success' /var/log/audit/audit.log
}

stock() {
  head_line 'stock'
  . /etc/os-release; echo "    $PRETTY_NAME, kernel $(uname -r), $(systemd-detect-virt)"
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  printf '#!/bin/sh\nNODE_COMPILE_CACHE=%s exec %s %s "$@"\n' "$NODE_COMPILE_CACHE" "$node" "$program" >/usr/local/bin/hardshell
  chmod 755 /usr/local/bin/hardshell
  manifest /job/before
}

hardened() {
  head_line "hardshell harden --only $only --yes, over SSH"
  SSH_SECONDS=1800 timed ssh_in sudo hardshell harden --only "$only" --yes --confirm-within 30m >/job/harden.out 2>&1
  echo "    exit $?"
  grep -E '^(refused|not done|taken back|done|waiting|in force|error|hint|nothing)' /job/harden.out || tail -30 /job/harden.out
  holds 'applied'
  expect 'a new login over SSH' ana "$(SSH_SECONDS=300 ssh_in whoami)"
  # Not over SSH: what is slow there would be taken for what is shut.
  timed hardshell harden confirm || { say NO 'confirmed'; exit 1; }
  [ "$only" = "${only#*audit-daemon}" ] || audits 'applied'
  head_line 'restart'
}

restarted() {
  head_line 'after the restart'
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  holds 'after the restart'
  [ "$only" = "${only#*audit-daemon}" ] || audits 'after the restart'
  expect 'units that failed' 0 "$(systemctl --failed --no-legend --no-pager | grep -c .)"
  [ "${GATEWAY-}" = no ] || gateway
}

gateway() {
  began=$(date +%s)
  setsid setpriv --reuid claw --regid claw --init-groups env -i HOME=/home/claw USER=claw PATH=/usr/bin:/bin TERM=dumb openclaw gateway run >/job/gateway 2>&1 &
  if await "${GATEWAY_SECONDS:-600}" answers 18789; then say ok "the gateway answers ($(($(date +%s) - began)) s, no KVM)"; else say NO 'the gateway answers'; tail -5 /job/gateway; fi
  pkill -u claw; sleep 5; pkill -9 -u claw
}

undone() {
  head_line 'undo'
  SSH_SECONDS=1800 timed ssh_in sudo hardshell harden undo
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  manifest /job/undone
  compare 'undo, before a restart' /job/before /job/undone
}

as_before() {
  head_line 'after another restart'
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  manifest /job/after
  compare 'undo, after a restart' /job/before /job/after
}

main
