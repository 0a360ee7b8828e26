# Runs inside the machine of machine.sh, as root, under qemu: the generated AppArmor profile, enforced by a kernel that has
# AppArmor, around the OpenClaw gateway in its generated unit, until the gateway is ready. The state is that of an OpenClaw
# which was started once before, without emulation (`begun_parts` of machine.sh). VM_SECONDS=2400.
set -u
. /job/inside.sh
# systemd-parts run programs of /opt/hardshell as users of their own.
chmod 755 /opt/hardshell 2>/dev/null

main() {
  head_line 'generated and installed as they come'
  install_parts
  for name in openclaw openclaw-tool; do expect "mode of $name" "$name (enforce)" "$(grep "^$name (" /sys/kernel/security/apparmor/profiles)"; done
  gateway
  head_line 'what AppArmor refused'
  denials
  confined
  echo "$failed failed"
  [ "$failed" = 0 ]
}

gateway() {
  head_line 'the gateway under its unit and its profile'
  systemctl start var-lib-openclaw.mount
  mkdir -p /var/lib/openclaw
  tar -C /var/lib/openclaw -xzf /job/openclaw-parts.tar.gz
  chown -R openclaw:openclaw /var/lib/openclaw
  # The folder of Node's cache bears the number of the user.
  for cache in /var/lib/openclaw/home/.node-compile-cache/*-64000; do mv "$cache" "${cache%-64000}-$(id -u openclaw)"; done
  began=$(date +%s)
  systemctl start openclaw.service || systemctl status openclaw.service hardshell-model.service hardshell-egress.service --no-pager -l | tail -60
  if await "${GATEWAY_SECONDS:-900}" answers 18710; then say ok "the gateway is ready under its unit ($(($(date +%s) - began)) s, no KVM)"; else
    say NO 'the gateway is ready under its unit'
  fi
  journalctl --namespace=hardshell -u openclaw -o short-monotonic --no-pager | cut -c1-220 | tail -25
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
