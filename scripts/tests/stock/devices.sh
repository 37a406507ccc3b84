# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# devif_wellknown on the stock kernel: its drivers, and the devices that QEMU has.
. /testlib.sh
. /wellknown.sh

# physical NAME: print the device behind /sys/class/NAME
physical()
{
	basename "$(readlink -f "/sys/class/$1/device")"
}

# pci_of DEVICE: print the PCI device of a virtio device
pci_of()
{
	basename "$(dirname "$(readlink -f "/sys/bus/virtio/devices/$1")")"
}

# Write a partition table with one entry, the second mebibyte of the disk.
write_table()
{
	{
		printf '\000\000\000\000\203\000\000\000\000\010\000\000\000\010\000\000'
		dd if=/dev/zero bs=48 count=1 2>/dev/null
		printf '\125\252'
	} | dd of=/dev/vda bs=1 seek=446 conv=notrunc 2>/dev/null
	blockdev --rereadpt /dev/vda
}

clear_table()
{
	dd if=/dev/zero of=/dev/vda bs=512 count=1 conv=notrunc 2>/dev/null
	blockdev --rereadpt /dev/vda
}

plan 29
wait_for '[ -e /sys/class/block/vda ] && [ -e /sys/class/block/sr0 ] && [ -e /sys/class/block/nvme0n1 ]'
blk=$(physical block/vda)
cd=$(physical block/sr0)
nvme=$(basename "$(readlink -f /sys/class/nvme/nvme0/device)")
nic=$(physical net/eth0)
tty=$(physical tty/ttyS0)

load devif
load devif_wellknown

check "virtio disk" 'wait_for "is_on $disk $blk"'
check "virtio disk: node" '[ "$(property_of node $disk $blk)" = /dev/vda ]'
check "virtio disk: symbolic link name is that of the device on its bus" \
	'[ "$(cat "$(interface $disk $blk)/symbolic_link")" = "bus#virtio#$blk#{$disk}" ]'
check "NVMe disk: the namespace is the reference string" \
	'wait_for "is_on $disk $nvme n1" && [ "$(property_of name $disk $nvme n1)" = nvme0n1 ]'
check "CD-ROM drive" 'wait_for "is_on $cdrom $cd" && [ "$(property_of node $cdrom $cd)" = /dev/sr0 ]'
check "a CD-ROM drive is no disk" '[ "$(count $disk) $(count $cdrom)" = "2 1" ]'
check "network card" 'wait_for "is_on $net $nic" && [ "$(property_of name $net $nic)" = eth0 ]'
check "serial port" 'wait_for "is_on $serial $tty" && [ "$(property_of node $serial $tty)" = /dev/ttyS0 ]'
check "as many serial ports as there is hardware" '[ "$(count $serial)" = 2 ]'
check "keyboards: PS/2 and virtio" 'wait_for "[ \$(count $keyboard) = 2 ]"'
check "PS/2 keyboard is on its port" 'is_on $keyboard serio0'
check "keyboards have nodes" \
	'[ "$(list_properties node $keyboard | grep -c "^/dev/input/event[0-9]*$")" = 2 ]'
check "the nodes are there" \
	'list_properties node $keyboard | while read -r node; do [ -c "$node" ] || exit 1; done'
check "mouse" 'wait_for "[ \$(count $mouse) = 1 ]"'
check "neither mouse nor keyboard is HID here" '[ "$(count $hid)" = 0 ]'
check "node of an input device is forgotten with its driver" \
	'rmmod evdev; wait_for "! property_of node $keyboard serio0 2>/dev/null" && is_on $keyboard serio0'
check "and is back with it" \
	'load evdev; wait_for "property_of node $keyboard serio0 >/dev/null 2>&1"'

check "no partition yet" '[ "$(count $partition)" = 0 ]'
write_table
check "partition arrives when the table is read" 'wait_for "is_on $partition $blk p1"'
check "partition: node" '[ "$(property_of node $partition $blk p1)" = /dev/vda1 ]'
name=$(cat "$(interface "$partition" "$blk" p1)/symbolic_link")
clear_table
check "partition goes when it is not in the table" \
	'wait_for "[ \$(count $partition) = 0 ]" && is_on $disk $blk'
write_table
check "D2 it comes back with the same name" \
	'wait_for "is_on $partition $blk p1" && [ "$(cat "$(interface $partition $blk p1)/symbolic_link")" = "$name" ]'

echo "$cd" >/sys/bus/scsi/drivers/sr/unbind
check "unbound: the CD-ROM drive goes" 'wait_for "[ \$(count $cdrom) = 0 ]"'
echo "$cd" >/sys/bus/scsi/drivers/sr/bind
check "bound: it comes back" 'wait_for "is_on $cdrom $cd"'

rename-net eth0 lan0
check "network card: name follows" 'wait_for "[ \$(property_of name $net $nic) = lan0 ]"'

for device in "$(pci_of "$blk")" "$(pci_of "$nic")" "$nvme"; do
	echo 1 >"/sys/bus/pci/devices/$device/remove"
done
check "pulled out: disks, partition and network card go" \
	'wait_for "[ \"\$(count $disk) \$(count $partition) \$(count $net)\" = \"0 0 0\" ]"'
echo 1 >/sys/bus/pci/rescan
check "plugged in: they come back" \
	'wait_for "[ \"\$(count $disk) \$(count $partition) \$(count $net)\" = \"2 1 1\" ]"'
check "D2 with the names they had" \
	'is_on $disk $nvme n1 && interfaces_in $net | while read -r devif; do [ "$(cat "$devif/symbolic_link")" = "bus#virtio#$nic#{$net}" ] || exit 1; done'

rmmod devif_wellknown
check "unloaded: nothing is left" '[ -z "$(ls /sys/bus/devif/devices)" ]'
rmmod devif
ktap_finished
