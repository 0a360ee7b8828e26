# What the scripts of this folder share. Sourced inside the machine of machine.sh, as root.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
node=/opt/hardshell/node
program=/opt/hardshell/dist/src/cli/main.js
# Reading a program costs seconds under emulation.
export NODE_COMPILE_CACHE=/var/cache/node-compile-cache
failed=0
[ -f /job/failed ] && failed=$(cat /job/failed)
hardshell() { "$node" "$program" "$@"; }
say() { printf '%s  %s\n' "$1" "$2"; [ "$1" = ok ] || failed=$((failed + 1)); echo "$failed" >/job/failed; }
# expect WHAT WANTED GOT
expect() { if [ "$2" = "$3" ]; then say ok "$1: $3"; else say NO "$1: wanted $2, got $3"; fi; }
# check WHAT COMMAND...
check() { what=$1; shift; if "$@"; then say ok "$what"; else say NO "$what"; fi; }
head_line() { printf '\n── %s (%s s since the start of the machine)\n' "$1" "$(cut -d. -f1 /proc/uptime)"; }
# Waits up to $1 seconds for a command to succeed.
await() { until=$(($(date +%s) + $1)); shift; until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -ge $until ] && return 1; sleep 2; done; }
# Prints how many seconds a command took, on standard error; its output and status are its own.
timed() { began=$(date +%s); "$@"; status=$?; echo "    ($(($(date +%s) - began)) s: $1 $2 $3)" >&2; return $status; }
answers() { printf 'GET /readyz HTTP/1.0\r\n\r\n' | timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/"$0" && cat >&3 && grep -q "^HTTP/1.1 200" <&3' "$1"; }
as_claw() { setpriv --reuid claw --regid claw --init-groups env -i HOME=/home/claw USER=claw XDG_RUNTIME_DIR="/run/user/$(id -u claw)" PATH=/usr/bin:/bin TERM=dumb "$@"; }

# The operator's own machine: a network of its own behind a wire, for what comes from loopback passes every firewall.
outside() {
  ip netns add outside
  ip link add wire type veth peer name far
  ip link set far netns outside
  ip address add 192.0.2.1/24 dev wire
  ip link set wire up
  ip -n outside address add 192.0.2.2/24 dev far
  ip -n outside link set far up
  ip -n outside link set lo up
}
# What ana types there.
ssh_in() { timeout "${SSH_SECONDS:-60}" ip netns exec outside ssh -q -i /job/laptop/key -o BatchMode=yes -o ConnectTimeout=20 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p "${SSH_PORT:-22}" "${SSH_USER:-ana}@192.0.2.1" "$@"; }

# Everything a hardening may touch, one line each: path, kind, mode, owner, group, where a link leads, digest.
manifest() {
  # Left out: what OpenClaw and logins write while they run, sudo's note that somebody is an administrator, and the copy
  # usermod makes of what it changes.
  find /etc /home /root /usr/local /opt /boot /var/spool/cron /lib/systemd /var/lib/systemd/linger -xdev \
    \( -path /opt/hardshell -o -path /root/.hardshell -o -path '*/.cache/*' -o -path /root/.cache -o -path '/root/.config/hardshell' -o -path /root/.local \) -prune -o -printf '%p %y %m %U %G %l\n' 2>/dev/null |
    grep -v -E '\.sqlite(-wal|-shm)? |/(openclaw-[0-9]+|tmp|logs)/|\.lock |\.last-good |/agents/[^/]+/agent |/\.sudo_as_admin_successful |^/etc/passwd- ' | sort >"$1.rights"
  find /etc /home /root /usr/local /opt /boot /var/spool/cron -xdev \
    \( -path /opt/hardshell -o -path /root/.hardshell -o -path '*/.cache' -o -path '/root/.local' -o -path '*/.openclaw/tmp' \) -prune -o -type f -print0 |
    grep -z -v -E '\.sqlite|/logs/|\.lock$|/gateway\.log|\.last-good$|/\.sudo_as_admin_successful$|^/etc/passwd-$' | xargs -0 -r sha256sum 2>/dev/null | sort -k2 >"$1.digests"
  # Left out here: what the kernel counts, draws, or reckons from the memory it finds at a start, and what is only there
  # once the module that tracks connections is loaded.
  sysctl -a 2>/dev/null | grep -E '^(kernel|net|fs|vm|user|dev)\.' | grep -v -E 'random\.|nr_|\.stat|dentry|inode|ns_last_pid|pty\.nr|cad_pid|hung_task_warnings|max_lock_depth|\.(wire|far)\.|aio|quota|file-nr|ucount|sched_domain|netdev_rss_key|_reserve_kbytes|netfilter\.nf_(conntrack|flowtable|hooks)|nf_conntrack_max' | sort >"$1.sysctl"
  systemctl list-unit-files --no-legend --no-pager 2>/dev/null | awk '{print $1, $2}' | sort >"$1.units"
  # ufw leaves its chains in the kernel when it is switched off, empty and open: what lets through and what drops counts.
  { ufw status verbose; nft -s list ruleset | grep -E '\b(accept|drop|reject)\b' | grep -v -E 'policy accept|chain|jump'; } >"$1.firewall" 2>/dev/null
}
# compare WHAT BEFORE AFTER, all of it or the parts that are named
compare() {
  for part in ${4:-rights digests sysctl units firewall}; do
    if cmp -s "$2.$part" "$3.$part"; then say ok "$1, $part: as before ($(wc -l <"$2.$part") lines)"; else say NO "$1, $part"; diff "$2.$part" "$3.$part" | grep '^[<>]' | head -60; fi
  done
}

# Everything ends at once and nothing is written any more. A container may not reach the machine's own switch.
cut_power() {
  case "$(systemd-detect-virt)" in
    qemu | kvm) echo b >/proc/sysrq-trigger ;;
    *) reboot -ff ;;
  esac
  sleep 60
}

# The generated units and AppArmor profiles, installed as they come.
install_parts() {
  hardshell generate systemd-parts --out /root/parts --state /var/lib/hardshell >/dev/null 2>&1
  cp /root/parts/*.service /root/parts/*.mount /etc/systemd/system/
  install -D -m 0644 /root/parts/openclaw.json /etc/hardshell/openclaw.json
  install -m 0644 /root/parts/journald@hardshell.conf /etc/systemd/
  install -D -m 0644 /root/parts/sysusers.conf /etc/sysusers.d/hardshell.conf
  install -d -m 0700 /etc/hardshell/credentials
  for name in openclaw_gateway_token openclaw_model_token; do (umask 077; od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >/etc/hardshell/credentials/$name); done
  systemd-sysusers && systemctl daemon-reload
  hardshell generate apparmor --out /root/apparmor --state /var/lib/hardshell >/dev/null 2>&1
  cp /root/apparmor/* /etc/apparmor.d/
  apparmor_parser -r /etc/apparmor.d/openclaw /etc/apparmor.d/openclaw-tool && say ok 'AppArmor profiles loaded' || say NO 'AppArmor profiles loaded'
}

# Under openclaw.service, the state of an OpenClaw that was started once before, without emulation (`begun_parts`).
begun_state() {
  systemctl start var-lib-openclaw.mount
  mkdir -p /var/lib/openclaw
  tar -C /var/lib/openclaw -xzf /job/openclaw-parts.tar.gz
  chown -R openclaw:openclaw /var/lib/openclaw
  # The folder of Node's cache bears the number of the user.
  for cache in /var/lib/openclaw/home/.node-compile-cache/*-64000; do mv "$cache" "${cache%-64000}-$(id -u openclaw)"; done
  [ "$(systemd-detect-virt)" != qemu ] || patient
}

# OpenClaw gives the thread that keeps its lease 5 s to start, and ends if that is not enough; under emulation it is not. One
# number of it is another here, in a file that lies at the same path: what is opened, and may be, is the same.
patient() {
  lease=$(echo /opt/hardshell/node_modules/openclaw/dist/openclaw-state-lease-heartbeat-shared-*.mjs)
  sed 's/\(LEASE_HEARTBEAT_START_TIMEOUT_MS = \)5e3;/\13e5;/' "$lease" >/job/patient.mjs
  check 'one number of OpenClaw changed: 5 s are 5 min' test "$(diff "$lease" /job/patient.mjs | grep -c '^>')" = 1
  chmod 644 /job/patient.mjs
  mount --bind /job/patient.mjs "$lease"
}
