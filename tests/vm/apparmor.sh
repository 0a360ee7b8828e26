# Runs inside the machine of machine.sh, as root, under qemu: the generated AppArmor profile, enforced by a kernel that has
# AppArmor, around the OpenClaw gateway in its generated unit, until the gateway is ready. The state is that of an OpenClaw
# which was started once before, without emulation (`begun_parts` of machine.sh). VM_SECONDS=3600 and
# VM_ENV="GATEWAY_SECONDS=2400" on a busy machine; `nice` alone is of no use there where processes are grouped by session
# (sched(7), autogroup): `echo -10 >/proc/self/autogroup` in the shell that calls machine.sh is.
set -u
. /job/inside.sh
# systemd-parts run programs of /opt/hardshell as users of their own.
chmod 755 /opt/hardshell 2>/dev/null

main() {
  head_line 'generated and installed as they come'
  install_parts
  for name in openclaw openclaw-tool; do expect "mode of $name" "$name (enforce)" "$(grep "^$name (" /sys/kernel/security/apparmor/profiles)"; done
  gateway
  head_line 'two turns of an agent'
  turn 'it says what it is told' 'SAY:under its profile' 'under its profile'
  turn 'it calls a tool' 'TOOL:tool_call {"id":"session_status","args":{}}' 'Model: hardshell/scripted'
  head_line 'what AppArmor refused'
  denials
  confined
  echo "$failed failed"
  [ "$failed" = 0 ]
}

gateway() {
  head_line 'the gateway under its unit and its profile'
  begun_state
  began=$(date +%s)
  systemctl start openclaw.service || systemctl status openclaw.service hardshell-model.service hardshell-egress.service --no-pager -l | tail -60
  # What it says, as it says it: nobody looks at a silent machine for half an hour.
  journalctl --namespace=hardshell -u openclaw -f -n 50 -o short-monotonic --no-pager | cut -c1-220 &
  listening=$!
  await "${GATEWAY_SECONDS:-900}" decided
  if answers 18710; then say ok "the gateway is ready under its unit ($(($(date +%s) - began)) s, no KVM)"; else say NO 'the gateway is ready under its unit'; fi
  kill $listening
  systemctl show openclaw -p CPUUsageNSec -p NRestarts
}

# systemd starts it anew when it ends: nobody waits for one that will end again.
decided() { answers 18710 || [ "$(systemctl show -p NRestarts --value openclaw)" != 0 ]; }

# turn WHAT PROMPT WANTED: one turn of an agent by the gateway's own door, with the model proxy's scripted model.
turn() {
  began=$(date +%s)
  answer=$("$node" --input-type=module -e '
    const { readFileSync } = await import("node:fs")
    const authorization = "Bearer " + readFileSync("/etc/hardshell/credentials/openclaw_gateway_token", "utf8").trim()
    const body = JSON.stringify({ model: "openclaw", messages: [{ role: "user", content: process.argv[1] }] })
    const reply = await fetch("http://127.0.0.1:18710/v1/chat/completions", { method: "POST", headers: { authorization, "content-type": "application/json" }, body })
    console.log(reply.status, reply.ok ? (await reply.json()).choices[0].message.content : await reply.text())
  ' "$2" 2>&1)
  case "$answer" in "200 "*"$3"*) say ok "$1 ($(($(date +%s) - began)) s)" ;; *) say NO "$1: $answer" ;; esac
}

# Of every process of the unit, and not of its first one alone.
confined() {
  head_line 'who is confined'
  pid=$(systemctl show -p MainPID --value openclaw)
  expect 'profile of the gateway' 'openclaw (enforce)' "$(cat /proc/"$pid"/attr/current)"
  expect 'processes of the unit under another profile' 0 "$(for p in $(cat /sys/fs/cgroup/system.slice/openclaw.service/cgroup.procs); do cat "/proc/$p/attr/current"; done 2>/dev/null | grep -c -v -x 'openclaw (enforce)')"
  # The profile does refuse: the same user, the same file, with it and without it.
  install -d -o openclaw -m 0700 /opt/theirs
  refused() { setpriv --reuid openclaw --regid openclaw --clear-groups -- aa-exec -p openclaw -- sh -c 'echo x >/opt/theirs/file' 2>/dev/null; }
  refused && say NO 'the profile refuses what nobody else does' || say ok 'the profile refuses what nobody else does'
  check 'without it, it is done' setpriv --reuid openclaw --regid openclaw --clear-groups -- sh -c 'echo x >/opt/theirs/file'
}

denials() { dmesg | grep -o 'apparmor="DENIED".*' | grep -v '/opt/theirs' | sed -E 's/ (pid|peer_pid|fsuid|ouid)=[0-9]+//g; s/comm="[^"]*" ?//' | sort | uniq -c | sort -rn | head -40; }

main
