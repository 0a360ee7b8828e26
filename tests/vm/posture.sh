# Runs inside the machine of machine.sh, as root: a stock OpenClaw on a stock Debian with sshd is hardened for real, over SSH
# as its operator would, confirmed, restarted, looked at, and undone. Minutes: VM_SECONDS=7200.
# VM_ENV="LYNIS=no" leaves Lynis out, the slowest part.
set -u
. /job/inside.sh
profile=${PROFILE:-production}

main() {
  case "$STAGE" in
    1) before; hardened; exit 75 ;;
    2) restarted; undone; [ "$failed" = 0 ] ; exit ;;
  esac
}

before() {
  head_line 'stock'
  . /etc/os-release; echo "    $PRETTY_NAME, kernel $(uname -r), $(sshd -V 2>&1 | head -1), systemd $(systemctl --version | head -1)"
  printf '#!/bin/sh\nNODE_COMPILE_CACHE=%s exec %s %s "$@"\n' "$NODE_COMPILE_CACHE" "$node" "$program" >/usr/local/bin/hardshell
  chmod 755 /usr/local/bin/hardshell
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  service
  gateway_up
  [ "${LYNIS-}" = no ] || lynis_index before
  posture before
  manifest /job/before
}

# The service OpenClaw installs itself: a unit of the user, started without a login. SYSTEM=yes: a system unit, as guides have it.
service() {
  if [ "${SYSTEM-}" = yes ]; then
    printf '[Unit]\nDescription=OpenClaw\nAfter=network.target\n[Service]\nUser=claw\nExecStart=/usr/bin/openclaw gateway run\nRestart=always\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/openclaw.service
    systemctl enable -q --now openclaw.service
    return
  fi
  loginctl enable-linger claw
  await 60 test -S "/run/user/$(id -u claw)/bus"
  timed as_claw openclaw gateway install --force 2>&1 | tail -5
  as_claw systemctl --user cat openclaw-gateway.service --no-pager
}

gateway_up() {
  began=$(date +%s)
  if await "${GATEWAY_SECONDS:-900}" answers 18789; then say ok "the gateway answers ($(($(date +%s) - began)) s, no KVM)"; else
    say NO 'the gateway answers'; as_claw systemctl --user status openclaw-gateway --no-pager -l | tail -30; systemctl status openclaw --no-pager -l | tail -30
  fi
}

lynis_index() {
  timed lynis audit system --quick --no-colors --quiet --log-file "/job/lynis-$1.log" --report-file "/job/lynis-$1" >/dev/null 2>&1
  echo "    Lynis hardening index $1: $(sed -n 's/^hardening_index=//p' "/job/lynis-$1")"
  echo "    $(grep -c '^warning' "/job/lynis-$1") warnings, $(grep -c '^suggestion' "/job/lynis-$1") suggestions"
}

# Our audit, and OpenClaw's own.
posture() {
  timed hardshell security audit --json --no-native >"/job/audit-$1.json" 2>"/job/audit-$1.err"
  cat "/job/audit-$1.err"
  "$node" -e '
    const { grade, findings, unknown } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))
    const of = (s) => findings.filter((f) => f.severity === s).length
    console.log("    hardshell security audit:", JSON.stringify(grade), "critical", of("critical"), "high", of("high"), "medium", of("medium"), "low", of("low"), "info", of("info"), "unknown", unknown.length)
    if (process.argv[2] === "after") for (const f of findings) console.log("     ", f.severity, f.id, f.at)
    for (const u of unknown) console.log("      unknown", u.id, u.why)' "/job/audit-$1.json" "$1"
  timed as_claw openclaw security audit --json >"/job/native-$1.json" 2>"/job/native-$1.err"
  "$node" -e '
    const { findings = [], summary } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))
    console.log("    openclaw security audit:", JSON.stringify(summary))
    for (const f of findings) if (f.severity !== "info") console.log("     ", f.severity, f.checkId, f.title)' "/job/native-$1.json" || head -c 600 "/job/native-$1.err"
}

hardened() {
  head_line "hardshell harden --profile $profile --yes, over SSH"
  SSH_SECONDS=1800 timed ssh_in sudo hardshell harden --profile "$profile" --yes --confirm-within 10m >/job/harden.out 2>&1
  echo "    exit $?"
  grep -E '^(refused|not done|taken back|done|waiting|in force|for root|[0-9]+ check|error|hint)' /job/harden.out || tail -30 /job/harden.out
  expect 'a new login over SSH' ana "$(ssh_in whoami)"
  SSH_USER=root ssh_in true && say NO 'root is let in over SSH' || say ok 'root is not let in over SSH'
  check 'the gateway answers' answers 18789
  ssh_in sudo hardshell harden confirm
  check 'confirmed' test "$(hardshell harden list | grep -c kept)" -ge 1
  hardshell harden list
}

restarted() {
  head_line 'after the restart'
  outside
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  gateway_up
  systemctl --failed --no-legend --no-pager
  expect 'units that failed' 0 "$(systemctl --failed --no-legend --no-pager | grep -c .)"
  expect 'ufw' 'Status: active' "$(ufw status | head -1)"
  posture after
  if [ "${LYNIS-}" != no ]; then
    lynis_index after
    was=$(sed -n 's/^hardening_index=//p' /job/lynis-before)
    check "Lynis index rises from $was" test "$(sed -n 's/^hardening_index=//p' /job/lynis-after)" -gt "$was"
  fi
  head_line 'a second run finds nothing to do'
  SSH_SECONDS=1800 timed ssh_in sudo hardshell harden --profile "$profile" --yes >/job/second.out 2>&1
  tail -15 /job/second.out
}

undone() {
  head_line 'undo'
  # The newest first, as long as something stands.
  while hardshell harden list | grep -q ' kept '; do
    SSH_SECONDS=1800 timed ssh_in sudo hardshell harden undo || { say NO 'undo left something'; break; }
  done
  expect 'SSH from another machine' ana "$(ssh_in whoami)"
  check 'the gateway answers' await 300 answers 18789
  manifest /job/after
  compare 'undo' /job/before /job/after
  echo "$failed failed"
}

main
