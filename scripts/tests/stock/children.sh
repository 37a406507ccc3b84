# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# A driver of the stock kernel that unregisters all children of its device without looking:
# nd_region, for regions of persistent memory. The kernel's command line reserves some
# memory for it.
. /testlib.sh

driver=/sys/bus/nd/drivers/nd_region

# has_interface STATE: pass if the region's interface is there, and in this state
has_interface()
{
	[ "$(cat "$region"/devif*/enabled)" = "$1" ]
}

# Print the children that the driver makes.
own_children()
{
	find "$region" -mindepth 1 -maxdepth 1 -type d -name "namespace*"
}

plan 7
wait_for '[ -e $driver/region0 ]'
region=$(readlink -f /sys/bus/nd/devices/region0)
load devif
load devif_door device="${region#/sys/devices/platform/}"
check "an interface on a region" 'has_interface 1'
check "the driver has children of its own" '[ -n "$(own_children)" ]'

echo region0 >$driver/unbind
check "unbound: the driver has unregistered its children" \
	'wait_for "[ -z \"\$(own_children)\" ]"'
check "unbound: the interface is there, and disabled" 'has_interface 0'
echo region0 >$driver/bind
check "bound again: enabled" 'wait_for "has_interface 1"'
echo region0 >$driver/unbind
check "unloaded: nothing is left" 'rmmod devif_door && [ -z "$(ls /sys/bus/devif/devices)" ]'
check "bound again without an interface" \
	'echo region0 >$driver/bind && wait_for "[ -n \"\$(own_children)\" ]" && [ -z "$(find $region -maxdepth 1 -name "devif*")" ]'
rmmod devif
ktap_finished
