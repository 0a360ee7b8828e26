#!/bin/sh
# A Debian 12 machine that is thrown away: systemd, AppArmor and cgroup v2 under qemu without KVM, no network, nothing of
# the host changed. As root:
#   machine.sh build       once, about 80 s: needs debootstrap, e2fsprogs, qemu-system-x86 and a Debian archive
#   machine.sh run SCRIPT  runs SCRIPT inside as root, with this clone and its Node at /opt/hardshell; prints what it prints
# VM_FOLDER (default /tmp/hardshell-vm) keeps the disks, about 4 GB; VM_SECONDS (default 900) ends a run that hangs.
set -eu
root=$(cd -P -- "$(dirname -- "$0")/../.." && pwd -P)
folder=${VM_FOLDER:-/tmp/hardshell-vm}

main() {
  case "${1-}" in
    build) build ;;
    run) run "$2" ;;
    *) sed -n 2,6p "$0"; exit 2 ;;
  esac
}

build() {
  mkdir -p "$folder"
  base=$folder/base
  rm -rf "$base"
  packages=systemd-sysv,dbus,linux-image-cloud-amd64,apparmor,iproute2,procps,ca-certificates,libstdc++6,libatomic1,e2fsprogs
  debootstrap --variant=minbase --include="$packages" bookworm "$base" >"$folder/debootstrap.log" 2>&1
  mkdir -p "$base/opt/hardshell" "$base/job"
  cat >"$base/etc/systemd/system/job.service" <<'UNIT'
[Unit]
After=multi-user.target dbus.service
[Service]
Type=oneshot
TimeoutStartSec=infinity
# The second serial port: getty sits on the first.
ExecStart=/bin/bash -c 'tar -xf /dev/vdb -C /job; mount -o ro /dev/vdc /opt/hardshell; bash /job/script >/dev/ttyS1 2>&1; echo "RC=$?" >/dev/ttyS1'
ExecStopPost=/bin/systemctl poweroff --no-block
[Install]
WantedBy=default.target
UNIT
  chroot "$base" systemctl enable job.service
  cp "$base"/boot/vmlinuz* "$folder/kernel"
  cp "$base"/boot/initrd* "$folder/initrd"
  rm -f "$folder/disk"
  mkfs.ext4 -q -d "$base" "$folder/disk" 3G
  rm -rf "$base"
}

run() {
  work=$(mktemp -d "$folder/run.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  programs
  mkdir "$work/job"
  cp "$1" "$work/job/script"
  tar -C "$work/job" -cf "$work/job.tar" .
  # A disk has whole sectors.
  truncate -s %1M "$work/job.tar"
  timeout "${VM_SECONDS:-900}" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -machine q35 -m "${VM_MEMORY:-4096}" -smp 2 \
    -display none -no-reboot -snapshot -net none -kernel "$folder/kernel" -initrd "$folder/initrd" \
    -append 'console=ttyS0 root=/dev/vda rw quiet' \
    -drive "file=$folder/disk,if=virtio,format=raw" -drive "file=$work/job.tar,if=virtio,format=raw" \
    -drive "file=$folder/programs,if=virtio,format=raw" \
    -serial "file:$work/boot" -serial "file:$work/out" || echo "qemu ended with $?"
  tr -d '\r' <"$work/out"
  grep -q '^RC=0' "$work/out"
}

# The clone as it is now, with its Node, as a disk. Hard links where the file system allows: a gigabyte is not copied.
programs() {
  copy=$work/programs
  mkdir "$copy"
  for name in package.json src plugin docs; do cp -R "$root/$name" "$copy/"; done
  cp -al "$root/node_modules" "$copy/node_modules" 2>/dev/null || cp -R "$root/node_modules" "$copy/node_modules"
  cp -L "$root/.runtime/bin/node" "$copy/node"
  chmod 755 "$copy" "$copy/node"
  rm -f "$folder/programs"
  mkfs.ext4 -q -d "$copy" "$folder/programs" 2500M
  rm -rf "$copy"
}

main "$@"
