# Runs inside the machine of machine.sh, as root, under qemu: `require_vpn` with WireGuard of the kernel. A guard is
# started without the tunnel and with it, and then the tunnel goes down, is gone past, falls silent, and comes back.
# In the place of OpenClaw stands a program that is ready and does no more: the guard waits 150 s for it, and the real one
# takes longer under emulation. Tool calls are never proven for that reason, and other surfaces may be red. VM_SECONDS=1800.
set -u
. /job/inside.sh
state=/var/lib/hardshell
config=/job/config
log=$state/guard/audit/audit.log
service=10.88.0.2

main() {
  head_line 'WireGuard of the kernel'
  tunnel
  settings
  head_line 'a start without the tunnel'
  refused_start
  head_line 'a start with it'
  raised
  started
  head_line 'hardshell network test'
  hop
  head_line 'it goes down'
  ip link set wg0 down
  shut 'the interface is down' 'wg0: the interface is down'
  ip link set wg0 up && ip route replace 10.88.0.0/24 dev wg0
  back 'the interface is up again'
  head_line 'the route goes past it'
  ip route add $service/32 via 10.77.0.2 dev wire
  shut 'a route past the tunnel' "$service ($service) is reached through wire, not through wg0"
  hardshell network test --endpoint "http://$service:8080/" --state $state --config $config >/job/hop 2>&1
  check 'network test shows that way' grep -q '^ok  route .*through wire ' /job/hop
  ip route del $service/32 via 10.77.0.2 dev wire
  back 'the route is gone'
  head_line 'its peer falls silent'
  # Its key is taken away: what is sent there is dropped, and the last handshake only grows older.
  ip netns exec office wg set wg1 peer "$(wg pubkey </job/here.key)" remove
  SHUT_SECONDS=300 shut 'a peer that answers no more' 'wg0: no peer was heard of in the last 3m'
  knows_us
  back 'the peer is there again'
  head_line 'it is deleted'
  ip link del wg0
  shut 'the interface is deleted' 'there is no WireGuard tunnel on wg0'
  ended
  echo "$failed failed"
  [ "$failed" = 0 ]
}

# Two ends: this machine, and `office`, where a service waits inside of the tunnel. 10.77.0.0/24 is the wire outside of it.
tunnel() {
  modprobe wireguard
  check 'the kernel has it' grep -q '^wireguard ' /proc/modules
  ip netns add office
  ip link add wire type veth peer name far
  ip link set far netns office
  ip address add 10.77.0.1/24 dev wire && ip link set wire up
  ip -n office address add 10.77.0.2/24 dev far && ip -n office link set far up && ip -n office link set lo up
  for end in here there; do (umask 077; wg genkey >/job/$end.key); done
  ip -n office link add wg1 type wireguard
  ip netns exec office wg set wg1 listen-port 51820 private-key /job/there.key
  knows_us
  ip -n office address add 10.88.0.2/24 dev wg1 && ip -n office link set wg1 up
  ip netns exec office "$node" -e "require('http').createServer((_, answer) => answer.end('inside')).listen(8080, '$service')" &
}

knows_us() { ip netns exec office wg set wg1 peer "$(wg pubkey </job/here.key)" endpoint 10.77.0.1:51820 allowed-ips 10.88.0.0/24 persistent-keepalive 1; }

raised() {
  ip link add wg0 type wireguard
  wg set wg0 listen-port 51820 private-key /job/here.key peer "$(wg pubkey </job/there.key)" endpoint 10.77.0.2:51820 allowed-ips 10.88.0.0/24 persistent-keepalive 1
  ip address add 10.88.0.1/24 dev wg0 && ip link set wg0 up
  check 'a handshake' await 30 handshake
  expect 'programs of WireGuard in user space' 0 "$(ps -e -o comm= | grep -c -E 'wireguard-go|boringtun')"
}
handshake() { [ "$(wg show wg0 latest-handshakes | cut -f2)" -gt 0 ]; }

settings() {
  (umask 077; mkdir -p $config)
  cat >$config/network.yaml <<YAML
egress:
  allowed_hosts: ["$service:8080"]
  allow_private: ["10.88.0.0/24"]
require_vpn:
  kind: wireguard
  interface: wg0
  routes: ["$service"]
  check_every: 2s
YAML
  chmod 600 $config/network.yaml
  mkdir -p /opt/stand-in
  version=$("$node" -p 'require("/opt/hardshell/node_modules/openclaw/package.json").version')
  printf '{"name": "openclaw", "version": "%s"}\n' "$version" >/opt/stand-in/package.json
  cat >/opt/stand-in/openclaw.mjs <<'JS'
import { createServer } from 'node:http'
const at = process.argv.indexOf('--port')
if (at === -1) process.exit(1)
createServer((_, answer) => answer.setHeader('content-type', 'application/json').end('{"ready":true}')).listen(Number(process.argv[at + 1]), '127.0.0.1')
JS
  chmod -R go+rX /opt/stand-in
}

start_guard() { hardshell start --openclaw /opt/stand-in --state $state --config $config "$@"; }

refused_start() {
  start_guard --once --json >/job/refused 2>&1
  expect 'the start ends with' 5 $?
  check 'why' grep -q 'there is no WireGuard tunnel on wg0' /job/refused
  check 'its code' grep -q 'guard.vpn-down' /job/refused
  expect 'what stands for OpenClaw' 'not started' "$([ -e $state/guard/gateway.out ] && echo started || echo 'not started')"
}

started() {
  start_guard >/job/guard.out 2>&1 &
  guard=$!
  if await 600 grep -q '"reason":"guard started"' $log; then say ok 'the guard is up'; else say NO "the guard is up: $(tail -5 /job/guard.out)"; exit 1; fi
  expect 'what stands for OpenClaw' started "$([ -e $state/guard/gateway.out ] && echo started || echo 'not started')"
  expect 'surface vpn' held "$(surface)"
}

# What status says of it.
surface() { hardshell status --state $state --json | "$node" -p 'const one = JSON.parse(require("fs").readFileSync(0, "utf8")).surfaces.find(({ id }) => id === "vpn"); one === undefined ? "missing" : one.ok ? "held" : `red: ${one.detail}`'; }

# As an agent's connection would go: the guard, which is not proven here, is the only step that may say no.
hop() {
  hardshell network test --endpoint "http://$service:8080/" --head --state $state --config $config >/job/hop 2>&1
  sed 's/^/    /' /job/hop
  check 'the route leads into the tunnel' grep -q '^ok  route .*through wg0 (wireguard tunnel, last handshake .* ago), from 10.88.0.1' /job/hop
  check 'the service in it answers' grep -q '^ok  http .*HTTP 200' /job/hop
}

# The rule by which the way out refuses a connection, and the reason it gives: what an agent would get.
refusal() { printf 'CONNECT %s:8080 HTTP/1.1\r\nHost: %s:8080\r\n\r\n' $service $service | timeout 10 bash -c 'exec 3<>/dev/tcp/127.0.0.1/18702 && cat >&3 && cat <&3' | tr -d '\r' >/job/refusal; }
refused_for() { refusal; grep -qF "the VPN is down: $1" /job/refusal; }
not_for_vpn() { refusal; [ -s /job/refusal ] && ! grep -q '^x-hardshell-rule: vpn\.' /job/refusal; }

# shut WHAT REASON
shut() {
  began=$(date +%s)
  if await "${SHUT_SECONDS:-120}" refused_for "$2"; then say ok "$1: $(tail -1 /job/refusal) ($(($(date +%s) - began)) s)"; else say NO "$1: $(cat /job/refusal)"; fi
  expect "$1: the rule" 'x-hardshell-rule: vpn.down' "$(grep '^x-hardshell-rule' /job/refusal)"
  check "$1: an alert" await 60 alerted "$2"
}
alerted() { grep '"event_type":"alert"' $log | grep -qF "the VPN went down: $1"; }

back() {
  if await 120 not_for_vpn; then say ok "$1: $(grep '^x-hardshell-rule' /job/refusal)"; else say NO "$1: $(cat /job/refusal)"; fi
  ups=$((${ups:-0} + 1))
  expect "$1: the log has its return" $ups "$(grep -c '"rule":"vpn.up"' $log)"
}

ended() {
  kill $guard
  wait $guard
  check 'the guard ended in order' grep -q '"reason":"guard stopped"' $log
}

main
