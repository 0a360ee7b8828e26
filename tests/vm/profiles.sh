# Runs inside the machine of machine.sh, as root: generated units and AppArmor profiles, installed, started, and attacked
# from the inside of the very sandbox OpenClaw runs in. VM_SECONDS=3600.
set -u
export HOME=/root
. /job/inside.sh

start_parts() {
  begun_state
  systemctl start openclaw.service hardshell-ingress.service || say NO "start: $(systemctl status openclaw.service hardshell-model.service hardshell-egress.service hardshell-ingress.service openclaw-disk.service var-lib-openclaw.mount --no-pager -l | tail -60)"
  say ok "started ($(uptime -p))"
  began=$(date +%s)
  if await "${GATEWAY_SECONDS:-1500}" answers 18710; then say ok "the gateway is ready under its unit ($(($(date +%s) - began)) s, no KVM)"; else
    say NO 'the gateway is ready under its unit'; journalctl --namespace=hardshell -u openclaw --no-pager | tail -40
  fi
  for part in model egress ingress; do expect "hardshell-$part" active "$(systemctl is-active hardshell-$part)"; done
  pid=$(systemctl show -p MainPID --value openclaw)
  expect 'profile of the gateway' 'openclaw (enforce)' "$(cat /proc/"$pid"/attr/current)"
  expect 'user of the gateway' openclaw "$(ps -o user= -p "$pid" | tr -d ' ')"
  for line in CapEff:0000000000000000 CapBnd:0000000000000000 NoNewPrivs:1 Seccomp:2; do
    expect "${line%%:*} of the gateway" "${line#*:}" "$(awk -v n="${line%%:*}:" '$1 == n {print $2}' /proc/"$pid"/status)"
  done
  group=/sys/fs/cgroup/system.slice/openclaw.service
  expect memory.max 3999997952 "$(cat $group/memory.max)"
  expect pids.max 512 "$(cat $group/pids.max)"
  expect cpu.max '200000 100000' "$(cat $group/cpu.max)"
  expect 'size of its disk' 10G "$(df -h --output=size /var/lib/openclaw | tail -1 | tr -d ' ' | sed 's/9\.[0-9]G/10G/')"
  awk '{print "    memory of the unit", int($1 / 1048576), "MiB"}' $group/memory.current
}

# The same unit with another program in it: what OpenClaw could do, tried.
probe() {
  cat >/root/probe.mjs <<'JS'
import { readFileSync, writeFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { createSocket } from 'node:dgram'
import { spawnSync } from 'node:child_process'
import os from 'node:os'
const attempt = (name, act) => { try { const r = act(); console.log(`${name}=${r ?? 'done'}`) } catch (e) { console.log(`${name}=${e.code ?? e.message}`) } }
const run = (program, ...args) => { const r = spawnSync(program, args, { encoding: 'utf8', timeout: 20000 }); return r.error ? r.error.code : r.status === 0 ? 'done' : 'refused' }
for (const path of ['/etc/shadow', '/root/secret', '/home/somebody/.ssh/id_ed25519', '/var/lib/hardshell/guard/secrets.key', '/var/lib/hardshell-model/x', '/etc/hardshell/credentials/openclaw_gateway_token', '/etc/ssh/key', '/run/docker.sock']) attempt(`read ${path}`, () => (readFileSync(path), undefined))
for (const path of ['/etc/x', '/usr/bin/x', '/opt/hardshell/x', '/etc/hardshell/openclaw.json', '/var/x', '/proc/sys/kernel/core_pattern', '/sys/x']) attempt(`write ${path}`, () => writeFileSync(path, 'x'))
attempt('write /var/lib/openclaw/x', () => writeFileSync('/var/lib/openclaw/x', 'x'))
attempt('write /tmp/x', () => writeFileSync('/tmp/x', 'x'))
attempt('processes of others', () => readdirSync('/proc').filter((n) => /^\d+$/.test(n)).length <= 2 ? 'hidden' : 'seen')
attempt('mount', () => run('/usr/bin/mount', '-t', 'tmpfs', 'x', '/tmp'))
attempt('unshare user', () => run('/usr/bin/unshare', '-Ur', '/bin/true'))
attempt('unshare net', () => run('/usr/bin/unshare', '-n', '/bin/true'))
attempt('raw socket', () => run('/usr/bin/perl', '-e', 'socket(S, 2, 3, 1) or exit 1'))
attempt('packet socket', () => run('/usr/bin/perl', '-e', 'socket(S, 17, 3, 768) or exit 1'))
attempt('ptrace', () => run('/usr/bin/perl', '-e', 'my $p = getppid(); exit(syscall(101, 16, $p, 0, 0) == 0 ? 0 : 1)'))
attempt('setuid', () => run('/usr/bin/perl', '-e', '$> = 0; exit($> == 0 ? 0 : 1)'))
attempt('su', () => run('/usr/bin/su', '-c', 'true'))
attempt('write and execute memory', () => { new Function('a', 'return a+1')(1) })
attempt('processors', () => os.cpus().length)
attempt('wasm', () => typeof WebAssembly)
const tcp = (host, port) => new Promise((done) => { const s = connect({ host, port, timeout: 5000 }); s.on('connect', () => (s.destroy(), done('connected'))); s.on('error', (e) => done(e.code)); s.on('timeout', () => (s.destroy(), done('silence'))) })
console.log(`tcp loopback=${await tcp('127.0.0.1', 18701)}`)
console.log(`tcp other address=${await tcp('192.0.2.1', 8080)}`)
console.log(`tcp metadata=${await tcp('169.254.169.254', 80)}`)
console.log(`udp other address=${await new Promise((done) => { const s = createSocket('udp4'); s.send('x', 53, '192.0.2.1', (e) => (s.close(), done(e ? e.code : 'sent'))) })}`)
JS
  mkdir -p /home/somebody/.ssh /var/lib/hardshell/guard /var/lib/hardshell-model
  for file in /root/secret /home/somebody/.ssh/id_ed25519 /var/lib/hardshell/guard/secrets.key /var/lib/hardshell-model/x /run/docker.sock; do echo x >$file; chmod 0666 $file; done
  chmod 0777 /home/somebody /home/somebody/.ssh /var/lib/hardshell /var/lib/hardshell/guard /var/lib/hardshell-model
  install -m 0755 -d /usr/local/lib/probe && install -m 0644 /root/probe.mjs /usr/local/lib/probe/
  # $1: name of the unit, $2: AppArmor profile (empty: none)
  sed -e "s|^ExecStart=.*|ExecStart=$node /usr/local/lib/probe/probe.mjs|" -e 's/^Type=.*/Type=oneshot/' -e '/^Restart/d' -e "s|^AppArmorProfile=.*|AppArmorProfile=$2|" -e '/^LogNamespace/d' /etc/systemd/system/openclaw.service >"/etc/systemd/system/$1.service"
  mkdir -p /etc/apparmor.d/local
  systemctl daemon-reload
  systemctl start "$1.service" || say NO "probe $1: $(systemctl status "$1" --no-pager -l | tail -20)"
  journalctl -u "$1" -o cat --no-pager | grep '='
}

# What AppArmor refused, and how often.
denials() { dmesg | grep -o 'apparmor="DENIED".*' | sed -E 's/ (pid|peer_pid|fsuid|ouid)=[0-9]+//g; s/comm="[^"]*" ?//' | sort | uniq -c | sort -rn | head -40; }

whole() {
  systemctl stop openclaw hardshell-ingress hardshell-model hardshell-egress
  rm -rf /var/lib/hardshell
  hardshell generate systemd --out /root/whole --state /var/lib/hardshell >/dev/null 2>&1
  cp /root/whole/*.service /root/whole/*.timer /etc/systemd/system/
  systemctl daemon-reload
  systemctl start hardshell.service
  began=$(date +%s)
  proven() { hardshell status --json | "$node" -e 'process.exit(JSON.parse(require("fs").readFileSync(0, "utf8")).ok === true ? 0 : 1)'; }
  if await 1500 proven; then say ok "the whole guard is up and proven under its unit ($(($(date +%s) - began)) s, no KVM)"; else
    say NO 'the whole guard is up and proven under its unit'; hardshell status; journalctl --namespace=hardshell -u hardshell --no-pager | tail -40; tail -20 /var/lib/hardshell/guard/gateway.out
  fi
  hardshell status
  pid=$(systemctl show -p MainPID --value hardshell)
  expect 'NoNewPrivs of the guard' 1 "$(awk '$1 == "NoNewPrivs:" {print $2}' /proc/"$pid"/status)"
  awk '$1 == "CapBnd:" {print "    CapBnd of the guard", $2}' /proc/"$pid"/status
  kill -STOP "$pid"
  systemctl start hardshell-watch.service
  sleep 15
  now=$(systemctl show -p MainPID --value hardshell)
  if [ "$now" != "$pid" ] && [ "$now" != 0 ]; then say ok 'a guard that hangs is started anew by the watch'; else say NO "a guard that hangs is started anew by the watch ($pid, $now, $(systemctl is-active hardshell))"; fi
}

ip link add other type dummy && ip address add 192.0.2.1/24 dev other && ip link set other up
"$node" -e "require('net').createServer((s) => s.end()).listen(8080, '192.0.2.1')" &
install_parts
start_parts
echo '── what AppArmor refused the gateway'; denials
echo '── from inside openclaw.service, AppArmor enforcing'; probe with-apparmor openclaw
echo '── the same without AppArmor'; probe without-apparmor ''
for name in openclaw openclaw-tool; do
  echo "── AppArmor alone: root with every capability, under the profile $name"
  cp /root/probe.mjs /usr/local/lib/probe/ && aa-exec -p "$name" -- "$node" /usr/local/lib/probe/probe.mjs 2>&1 | grep '='
done
# The guard gives its gateway 150 s, which is not enough under emulation.
[ "$(systemd-detect-virt)" = qemu ] || whole
echo "$failed failed"
exit "$failed"
