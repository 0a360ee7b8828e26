#!/bin/sh
# A Debian 12 machine that is thrown away: systemd, AppArmor and cgroup v2 under qemu without KVM, no network, nothing of
# the host changed. It has sshd, and a stock OpenClaw of the user `claw`, set up by its own `onboard`. As root:
#   machine.sh build       once, some minutes: needs debootstrap, e2fsprogs, qemu-system-x86 and a Debian archive
#   machine.sh run SCRIPT  runs SCRIPT inside as root, with this clone and its Node at /opt/hardshell; prints what it prints
#   machine.sh container SCRIPT  the same machine in systemd-nspawn, without emulation and so ten to fifty times faster, for
#                          what needs systemd and a network of its own but no kernel of its own: kernel settings, AppArmor
#                          and the kernel's audit are this machine's there, and not to be changed
# A script that ends with 75 is called again after a restart of the machine, in the same qemu; $STAGE counts from 1, and
# what it has said so far is kept. So it is when it cuts the power itself (echo b >/proc/sysrq-trigger).
# VM_FOLDER (default /tmp/hardshell-vm) keeps the disks, about 4 GB; VM_SECONDS (default 900) ends a run that hangs; VM_ENV
# holds words NAME=VALUE for the script.
set -eu
root=$(cd -P -- "$(dirname -- "$0")/../.." && pwd -P)
here=$root/tests/vm
folder=${VM_FOLDER:-/tmp/hardshell-vm}

main() {
  case "${1-}" in
    build) build ;;
    run) run "$2" ;;
    container) container "$2" ;;
    in-namespace) "$2" "$3" ;;
    *) sed -n 2,14p "$0"; exit 2 ;;
  esac
}

build() {
  mkdir -p "$folder"
  base=$folder/base
  rm -rf "$base"
  packages=systemd-sysv,dbus,libpam-systemd,linux-image-cloud-amd64,apparmor,iproute2,procps,ca-certificates,libstdc++6,libatomic1,e2fsprogs
  packages=$packages,openssh-server,openssh-client,ufw,nftables,lynis,sudo,cron,logrotate,python3,bubblewrap,wireguard-tools
  debootstrap --variant=minbase --include="$packages" bookworm "$base" >"$folder/build.log" 2>&1
  # What fixes install lies in apt's cache: the machine has no network.
  { chroot "$base" apt-get update && chroot "$base" apt-get clean && chroot "$base" apt-get install -y --download-only auditd fail2ban unattended-upgrades systemd-zram-generator; } >>"$folder/build.log" 2>&1
  boot_files
  people
  # A namespace of processes: OpenClaw's gateway outlives its launcher, and goes with it.
  unshare --net --mount --pid --fork --kill-child "$0" in-namespace openclaw "$base" >>"$folder/build.log" 2>&1
  begun_parts
  rm -f "$folder/disk" "$folder/modules"
  mkfs.ext4 -q -d "$base" "$folder/disk" 4G
  mkfs.ext4 -q -d "$root/node_modules" "$folder/modules" 2500M
  rm -rf "$folder/tree"
  mv "$base" "$folder/tree"
}

boot_files() {
  mkdir -p "$base/opt/hardshell" "$base/job"
  cp "$base"/boot/vmlinuz* "$folder/kernel"
  cp "$base"/boot/initrd* "$folder/initrd"
  # Disks by their place: the second is the job, then this clone and its packages. On a busy machine they take longer to show
  # than the minute and a half after which systemd gives up, and stops in its emergency mode.
  printf '/dev/vdc /opt/hardshell ext4 ro,x-systemd.device-timeout=15min 0 0\n/dev/vdd /opt/hardshell/node_modules ext4 ro,x-systemd.device-timeout=15min 0 0\n' >"$base/etc/fstab"
  cat >"$base/etc/systemd/system/job.service" <<'UNIT'
[Unit]
After=multi-user.target dbus.service
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/bash /job/stage
[Install]
WantedBy=default.target
UNIT
  # The second serial port: getty sits on the first.
  cat >"$base/job/stage" <<'STAGE'
cd /job
exec >>"$(cat output 2>/dev/null || echo /dev/ttyS1)" 2>&1
[ -f number ] || [ ! -b /dev/vdb ] || tar -xf /dev/vdb
STAGE=$(($(cat number 2>/dev/null || echo 0) + 1))
echo "$STAGE" >number
sync
export STAGE HOME=/root
. ./environment
bash ./script
status=$?
sync
[ "$status" = 75 ] && exec systemctl reboot --no-block
echo "RC=$status"
systemctl poweroff --no-block
STAGE
  chroot "$base" systemctl enable job.service
}

# `ana` looks after the machine over SSH, as on a rented server; OpenClaw is the user `claw`, whom nobody logs in as.
people() {
  echo vm >"$base/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 vm\n' >"$base/etc/hosts"
  chroot "$base" useradd -m -s /bin/bash -G sudo ana
  chroot "$base" useradd -m -s /bin/bash claw
  (umask 077; echo 'ana ALL=(ALL) NOPASSWD:ALL' >"$base/etc/sudoers.d/90-ana"; mkdir "$base/home/ana/.ssh")
  # The other end of her key is no part of the machine that is judged.
  mkdir -m 0700 "$base/job/laptop"
  chroot "$base" ssh-keygen -q -t ed25519 -N '' -f /job/laptop/key
  cp "$base/job/laptop/key.pub" "$base/home/ana/.ssh/authorized_keys"
  chroot "$base" chown -R ana:ana /home/ana/.ssh
}

# In a network and a mount namespace of its own, without emulation: what takes a minute here takes twenty in the machine.
openclaw() {
  base=$1
  ip link set lo up
  cp -L "$root/.runtime/bin/node" "$base/usr/bin/node"
  chmod 755 "$base/usr/bin/node"
  mkdir -p "$base/opt/hardshell/node_modules" "$base/usr/lib/node_modules"
  ln -s /opt/hardshell/node_modules/openclaw "$base/usr/lib/node_modules/openclaw"
  ln -s /usr/lib/node_modules/openclaw/openclaw.mjs "$base/usr/bin/openclaw"
  mounts
  key=$(od -An -tx1 -N24 /dev/urandom | tr -d ' \n')
  as_claw openclaw onboard --non-interactive --accept-risk --mode local --auth-choice custom-api-key --custom-api-key "$key" \
    --custom-base-url http://127.0.0.1:9/v1 --custom-model-id demo --skip-daemon --skip-health --skip-ui --skip-channels --skip-search --skip-skills --skip-hooks
  # A session of its own: the launcher hands no signal on, so it goes to the group.
  setsid chroot "$base" setpriv --reuid claw --regid claw --init-groups env -i HOME=/home/claw USER=claw PATH=/usr/bin:/bin TERM=dumb openclaw gateway run &
  until_ready 18789
}

mounts() {
  mount --bind "$root/node_modules" "$base/opt/hardshell/node_modules"
  mount -t proc proc "$base/proc"
  mount --rbind /dev "$base/dev"
}

# The gateway just started in the background, until it is ready at this port and did what it does then; then no more.
until_ready() {
  gateway=$!
  tries=0
  until as_claw node -e "fetch('http://127.0.0.1:$1/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; do
    sleep 1
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || exit 1
  done
  # Migrations, its cache.
  sleep 10
  kill -- "-$gateway"
  wait "$gateway" || true
  sleep 5
}

# The state of OpenClaw as a unit of its own, after its first start, packed for apparmor.sh: under emulation that start
# alone takes longer than anybody waits. No user is made and no file of the machine's changed.
begun_parts() {
  work=$folder/parts
  rm -rf "$work"
  mkdir -p "$work"
  compiled
  unshare --net --mount --pid --fork --kill-child "$0" in-namespace parts "$base" >>"$folder/build.log" 2>&1
  rm -rf "$base/etc/hardshell" "$base/run/credentials" "$base/var/lib/openclaw" "$base/job/parts" "$work"
}

parts() {
  base=$1
  ip link set lo up
  mount --bind "$folder/parts/programs" "$base/opt/hardshell"
  mounts
  chroot "$base" /opt/hardshell/node /opt/hardshell/dist/src/cli/main.js generate systemd-parts --out /job/parts --state /var/lib/hardshell
  install -D -m 0644 "$base/job/parts/openclaw.json" "$base/etc/hardshell/openclaw.json"
  mkdir -p "$base/run/credentials/openclaw.service" "$base/var/lib/openclaw/home" "$base/var/lib/openclaw/workspace"
  for name in openclaw_gateway_token openclaw_model_token; do od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$base/run/credentials/openclaw.service/$name"; done
  # Any user without a name: who it is in the machine is settled there.
  chown -R 64000:64000 "$base/run/credentials" "$base/var/lib/openclaw"
  # As systemd hands them over: OpenClaw takes no secret others can read.
  chmod 0400 "$base"/run/credentials/openclaw.service/*
  unit=$base/job/parts/openclaw.service
  # What the unit says, word by word; no word of it has a blank.
  setsid chroot "$base" setpriv --reuid 64000 --regid 64000 --clear-groups env -i $(sed -n 's/^Environment="\(.*\)"$/\1/p' "$unit") $(sed -n 's/^ExecStart=:*//p' "$unit" | tr -d '"') &
  until_ready 18710
  tar -C "$base/var/lib/openclaw" -czf "$base/job/openclaw-parts.tar.gz" .
}

as_claw() { chroot "$base" setpriv --reuid claw --regid claw --init-groups env -i HOME=/home/claw USER=claw PATH=/usr/bin:/bin TERM=dumb "$@"; }

run() {
  work=$(mktemp -d "$folder/run.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  programs
  mkdir "$work/job"
  cp "$1" "$work/job/script"
  cp "$here"/*.sh "$work/job/"
  for word in ${VM_ENV-}; do echo "export $word"; done >"$work/job/environment"
  tar -C "$work/job" -cf "$work/job.tar" .
  # A disk has whole sectors.
  truncate -s %1M "$work/job.tar"
  # Mitigations cost an emulated machine more than half of its speed, and there is nothing in it to steal.
  timeout "${VM_SECONDS:-900}" qemu-system-x86_64 -accel tcg,thread=multi -cpu "${VM_CPU:-max}" -machine q35 -m "${VM_MEMORY:-4096}" -smp 2 \
    -display none -snapshot -net none -kernel "$folder/kernel" -initrd "$folder/initrd" \
    -append 'console=ttyS0 root=/dev/vda rw quiet mitigations=off panic=-1' \
    -drive "file=$folder/disk,if=virtio,format=raw" -drive "file=$work/job.tar,if=virtio,format=raw" \
    -drive "file=$folder/programs,if=virtio,format=raw" -drive "file=$folder/modules,if=virtio,format=raw" \
    -serial "file:$work/boot" -serial "file:${VM_OUT:-$work/out}" || echo "qemu ended with $?"
  [ -n "${VM_OUT-}" ] || tr -d '\r' <"$work/out"
  tail -5 "$work/boot" | tr -d '\r' >&2
  grep -q '^RC=0' "${VM_OUT:-$work/out}"
}

# No capability to set the kernel's audit, and /proc/sys is read-only but for its own network.
container() {
  work=$(mktemp -d "$folder/run.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  compiled
  tree=$work/tree
  cp -a "$folder/tree" "$tree"
  : >"$tree/etc/fstab"
  cp "$here"/*.sh "$tree/job/"
  cp "$1" "$tree/job/script"
  for word in ${VM_ENV-}; do echo "export $word"; done >"$tree/job/environment"
  echo /job/console >"$tree/job/output"
  status=133
  # 133: the machine in it was restarted.
  while [ "$status" = 133 ]; do
    status=0
    # nspawn's own filter hides openat2(2), which OpenClaw needs.
    SYSTEMD_SECCOMP=0 timeout "${VM_SECONDS:-900}" systemd-nspawn -q -D "$tree" --register=no --keep-unit --private-network --capability=CAP_NET_ADMIN --drop-capability=CAP_AUDIT_CONTROL \
      --bind-ro="$copy:/opt/hardshell" --bind-ro="$root/node_modules:/opt/hardshell/node_modules" --console=pipe -b </dev/null >"$work/boot" 2>&1 || status=$?
  done
  cat "$tree/job/console"
  grep -q '^RC=0' "$tree/job/console"
}

# The clone as it is now, in its published form, with its Node, as a disk: taking the types out of the sources costs seconds
# here and minutes under emulation.
programs() {
  compiled
  rm -f "$folder/programs"
  mkfs.ext4 -q -d "$copy" "$folder/programs" 400M
  rm -rf "$copy"
}

compiled() {
  copy=$work/programs
  mkdir -p "$copy/node_modules"
  for name in package.json plugin docs schema; do cp -R "$root/$name" "$copy/"; done
  cp -L "$root/.runtime/bin/node" "$copy/node"
  "$copy/node" "$root/node_modules/typescript/bin/tsc" -p "$root/tsconfig.build.json" --outDir "$copy/dist" || echo 'the types do not hold: it runs as it is' >&2
  chmod 755 "$copy" "$copy/node"
}

main "$@"; exit
