#!/bin/bash
# Builds a Debian 12 machine with systemd and journald for the tests, from this machine's own package sources.
# usage: build_image.sh DIRECTORY: leaves vmlinuz, initrd and root.ext4 there, and `.complete` when they are whole.
#
# Nothing of the tree is executed (mmdebstrap's "extract"), so what maintainer scripts would have done is done here.
# A machine's root is an overlay: a tmpfs over the test's own layer over this read-only image.
set -eu
out=$1
rm -rf "$out"
mkdir -p "$out"
cd "$out"
tree=$out/tree

packages=base-files,base-passwd,bash,coreutils,dash,sed,grep,gawk,tar,gzip,findutils,util-linux,mount,login,passwd
packages=$packages,libc-bin,hostname,debianutils,diffutils,bsdutils,ncurses-bin,systemd,systemd-sysv,udev,dbus
packages=$packages,iproute2,kmod,procps,netbase,keepalived,linux-image-cloud-amd64,busybox-static
sources=()
for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list; do [ -s "$file" ] && sources+=("$file"); done
mmdebstrap --quiet --architectures=amd64 --mode=root --variant=extract --include=$packages \
  --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --skip=check/qemu \
  --aptopt='APT::Install-Recommends "false"' bookworm "$tree" "${sources[@]}"
rm -rf "$tree"/usr/share/{man,doc,locale,info,lintian} "$tree"/var/cache/apt "$tree"/var/lib/apt/lists

# --- accounts and services, as on an installed Debian
cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
for group in messagebus:100 input:101 kvm:102 render:103 sgx:104; do
  echo "${group%:*}:x:${group#*:}:" >>"$tree/etc/group"
done
echo 'messagebus:x:100:100::/nonexistent:/usr/sbin/nologin' >>"$tree/etc/passwd"
sed -n 's/^\([^:]*\):.*/\1:*:19000:0:99999:7:::/p' "$tree/etc/passwd" >"$tree/etc/shadow"
chmod 640 "$tree/etc/shadow"
systemd-sysusers --root="$tree" 2>/dev/null
ln -sf gawk "$tree/usr/bin/awk"
cp "$tree/usr/share/libc-bin/nsswitch.conf" "$tree/etc/"
systemctl --root="$tree" -q preset-all 2>/dev/null || true
: >"$tree/etc/machine-id"
: >"$tree/etc/fstab"
echo hakeep-vm >"$tree/etc/hostname"
printf '127.0.0.1 localhost hakeep-vm\n::1 localhost\n' >"$tree/etc/hosts"
ln -sf /lib/systemd/system/multi-user.target "$tree/etc/systemd/system/default.target"
# Presets enable more than an installed Debian does.
rm -f "$tree"/etc/systemd/system/*.wants/{systemd-networkd,nftables,remote-,systemd-sysext,systemd-network-,keepalived}*
for unit in getty@tty1.service serial-getty@.service getty.target fstrim.timer dpkg-db-backup.timer \
  systemd-pstore.service systemd-networkd-wait-online.service systemd-random-seed.service \
  systemd-update-utmp.service systemd-update-utmp-runlevel.service remote-fs.target systemd-logind.service; do
  rm -f "$tree"/etc/systemd/system/*.wants/$unit
  ln -sf /dev/null "$tree/etc/systemd/system/$unit"
done
mkdir -p "$tree"/etc/systemd/journald.conf.d "$tree/vm" "$tree/etc/systemd/system/multi-user.target.wants"
printf '[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n' >"$tree/etc/systemd/journald.conf.d/vm.conf"
cat >"$tree/etc/systemd/system/vm-agent.service" <<'UNIT'
[Unit]
Description=runs the test's script, sends what it printed, powers off
After=multi-user.target
[Service]
ExecStart=/bin/bash -c 'export HOME=/root; timeout -k 5 440 /bin/bash /vm/run >/tmp/vm.log 2>&1; echo "exit $?" >>/tmp/vm.log; cat /tmp/vm.log >/dev/virtio-ports/result; sync; systemctl poweroff --force --force'
UNIT
ln -sf ../vm-agent.service "$tree/etc/systemd/system/multi-user.target.wants/"

# --- kernel, the modules a boot needs, initramfs
version=$(ls "$tree/usr/lib/modules")
cp "$tree/boot/vmlinuz-$version" vmlinuz
rm -rf "$tree"/boot/*
depmod -b "$tree" "$version"
ird=$out/ird
mkdir -p "$ird"/{bin,dev,proc,sys,lib,l,r,u,m}
cp "$tree/usr/bin/busybox" "$ird/bin/"
modprobe -d "$tree" -S "$version" -D -a virtio_pci virtio_blk overlay | awk '$1=="insmod"{print $2}' | while read -r module; do
  name=${module##*/}
  [ -e "$ird/lib/$name" ] || { cp "$module" "$ird/lib/" && echo "$name" >>"$ird/lib/order"; }
done
cat >"$ird/init" <<'INIT'
#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc p /proc; $B mount -t sysfs s /sys; $B mount -t devtmpfs d /dev
for m in $($B cat /lib/order); do $B insmod /lib/$m; done
n=0; while [ ! -b /dev/vdb ] && [ $n -lt 200 ]; do $B sleep 0.05; n=$((n+1)); done
$B mount -t ext4 -o ro,noatime /dev/vda /r; $B mount -t ext4 -o ro,noatime /dev/vdb /l
$B mount -t tmpfs -o mode=755 t /u; $B mkdir /u/u /u/w
$B mount -t overlay -o lowerdir=/l:/r,upperdir=/u/u,workdir=/u/w o /m
for d in dev proc sys; do $B mount --move /$d /m/$d; done
exec $B switch_root /m /lib/systemd/systemd
INIT
chmod 755 "$ird/init"
(cd "$ird" && find . | cpio -o -H newc --quiet) >initrd
size=$(du -sm --apparent-size "$tree" | cut -f1)
inodes=$(find "$tree" | wc -l)
mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -m 0 -b 4096 -N $((inodes + 2000)) -d "$tree" root.ext4 $((size * 112 / 100 + 30))M
rm -rf "$tree" "$ird"
touch .complete
