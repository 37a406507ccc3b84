# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# devif_wellknown on a device of devif_hardware, which has three network interfaces, two
# disks, a battery, a keyboard and a mouse in one HID device, and a lid, as far as the
# kernel supports these.
. /testlib.sh
. /wellknown.sh

dev=devif-hardware
driver=/sys/bus/platform/drivers/devif-hardware

# when FILE DESCRIPTION COMMAND: check, or skip if the kernel lacks FILE's subsystem
when()
{
	if [ -e "$1" ]; then
		check "$2" "$3"
	else
		ktap_test_skip "$2"
	fi
}

plan 40
load devif
load devif_exporter toasters=1
load devif_wellknown
load devif_hardware

check "network interfaces appear when their driver is bound" \
	'wait_for "is_on $net $dev && is_on $net $dev 1 && is_on $net $dev 2"'
check "those that are alike are numbered, the others say their port" \
	'[ "$(property_of name $net $dev) $(property_of name $net $dev 1) $(property_of name $net $dev 2)" = "dvf0 dvf1 dvf2" ]'
check "property: subsystem" '[ "$(property_of subsystem $net $dev)" = net ]'
check "a network interface has no node" '! property_of node $net $dev 2>/dev/null'
when /sys/block "disks" 'wait_for "is_on $disk $dev && is_on $disk $dev n7"'
when /sys/block "a disk has a node" \
	'[ "$(property_of node $disk $dev n7)" = /dev/dvf0n7 ]'
when /sys/class/power_supply "battery" 'wait_for "is_on $battery $dev"'
when /sys/class/power_supply "a battery has a name and no node" \
	'[ "$(property_of name $battery $dev)" = dvf-battery ] && ! property_of node $battery $dev 2>/dev/null'
when /sys/class/input "keyboard" 'wait_for "is_on $keyboard $dev"'
when /sys/class/input "mouse" 'wait_for "is_on $mouse $dev"'
when /sys/class/input "lid" 'wait_for "is_on $lid $dev"'
when /sys/class/input "a HID device has one interface, though it is two input devices" \
	'wait_for "is_on $hid $dev" && [ "$(count $hid)" = 1 ]'
when /sys/class/input "property: name of a HID device" \
	'property_of name $hid $dev | grep -qx "0003:0DEF:1CE0\.[0-9A-F]*"'
when /sys/class/input "property: subsystem of a HID device" \
	'[ "$(property_of subsystem $hid $dev)" = hid ]'
when /sys/class/input "a keyboard is no mouse, and no lid" \
	'[ "$(count $lid)" = 1 ] && [ -z "$(interface $mouse $dev 1)" ]'
when /sys/class/tty/ttyS0/device "serial port" 'wait_for "is_named $serial ttyS0"'
when /sys/class/tty/ttyS0/device "a serial port has a node" \
	'list_properties node $serial | grep -qx /dev/ttyS0'
when /sys/class/tty/ttyS3/device "one without hardware has no interface" \
	'! is_named $serial ttyS3'
check "what is not hardware has no interface" \
	'[ -d /sys/class/net/lo ] && ! is_named $net lo && ! is_named $serial tty'

name=$(cat "$(interface "$net" $dev 1)/symbolic_link")
rename-net dvf1 other0
check "property: name follows when it is renamed" \
	'wait_for "[ \$(property \"$name\" name) = other0 ]"'

echo $dev >$driver/unbind
check "unbinding takes all of them away" 'wait_for "[ -z \"\$(all_of $dev)\" ]"'
echo $dev >$driver/bind
check "binding brings them back" \
	'wait_for "is_on $net $dev && is_on $net $dev 1 && is_on $net $dev 2"'
check "D2 they have the names they had" \
	'[ "$(cat "$(interface $net $dev 1)/symbolic_link")" = "$name" ]'
check "and new properties" '[ "$(property "$name" name)" = dvf1 ]'
when /sys/class/input "a HID device has the name it had" \
	'wait_for "is_on $hid $dev" && [ "$(count $hid)" = 1 ]'

wait_for 'is_on $disk $dev n7'
name=$(cat "$(interface "$disk" $dev n7)/symbolic_link")
echo $dev >$driver/unbind
wait_for '[ -z "$(all_of $dev)" ]'
when /sys/block "the node and the name of what has gone are forgotten" \
	'! property "$name" node 2>/dev/null && ! property "$name" name 2>/dev/null'
echo 1 >/sys/module/devif_hardware/parameters/fail
echo $dev 2>/dev/null >$driver/bind
check "E9 nothing is left when probe() fails" 'wait_for "[ -z \"\$(all_of $dev)\" ]"'
echo 0 >/sys/module/devif_hardware/parameters/fail
echo $dev >$driver/bind
check "and all is there when it does not" 'wait_for "is_on $net $dev 2"'

rmmod devif_wellknown
check "unloading takes all of them away" '[ -z "$(all_of $dev)" ] && [ "$(count $net)" = 0 ]'
check "but not those of others" '[ "$(count $toaster)" = 1 ]'

load devif_wellknown
check "loading finds what is there" \
	'wait_for "is_on $net $dev && is_on $net $dev 1 && is_on $net $dev 2"'
rmmod devif_hardware
check "unplugging takes all of them away" 'wait_for "[ -z \"\$(all_of $dev)\" ]"'
rmmod devif_wellknown
load devif_wellknown classes=disk,serial
load devif_hardware
when /sys/block "classes: what is wanted" 'wait_for "is_on $disk $dev"'
check "classes: and nothing else" '[ "$(count $net)" = 0 ]'
rmmod devif_wellknown

check "classes: an unknown one is refused" \
	'! load devif_wellknown classes=disk,teapot 2>/dev/null && ! is_loaded devif_wellknown'

# the disk has another name after a reboot
rmmod devif_hardware devif_exporter devif
rm -rf /var/lib/devif
mkdir -p /var/lib/devif
load devif
load devif_wellknown
load devif_hardware disk=dvfx
wait_for 'is_on $disk $dev'
name=$(cat "$(interface "$disk" $dev)/symbolic_link")
devifctl prop set "$name" label string:kept
devifctl save --quiet
rmmod devif_hardware devif_wellknown devif
load devif
load devif_wellknown
load devif_hardware disk=dvfy
wait_for 'is_on $disk $dev'
devifctl restore --overwrite --quiet
when /sys/block "N1 restoring does not bring the last boot's node and name back" \
	'[ "$(property "$name" node) $(property "$name" name)" = "/dev/dvfy dvfy" ]'
when /sys/block "N1 but what an administrator has set" \
	'[ "$(property "$name" label)" = kept ]'
rmmod devif_hardware devif_wellknown devif
load devif
load devif_wellknown
devifctl restore --overwrite --quiet
when /sys/block "N1 nor are they there while the disk is not" \
	'[ "$(property "$name" label)" = kept ] && ! property "$name" node 2>/dev/null && ! property "$name" name 2>/dev/null'
rmmod devif_wellknown devif
load devif
load devif_exporter toasters=1
load devif_hardware

# the driver binds and unbinds while the module is loaded and unloaded
n=0
while [ $n -lt 8 ]; do
	echo $dev >$driver/unbind
	echo $dev >$driver/bind
	n=$((n + 1))
done &
n=0
while [ $n -lt 8 ]; do
	load devif_wellknown
	rmmod devif_wellknown
	n=$((n + 1))
done
wait
check "loaded and unloaded while devices come and go" \
	'[ -z "$(all_of $dev)" ] && ! is_loaded devif_wellknown'
load devif_wellknown
check "and all is there after that" \
	'wait_for "is_on $net $dev && is_on $net $dev 1 && is_on $net $dev 2"'

rmmod devif_hardware devif_wellknown devif_exporter devif
ktap_finished
