# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# System sleep and runtime power management: a suspended system keeps all interfaces and
# what is open, and a holder of a query interface is suspended before its exporter.
. /testlib.sh

importer=/sys/devices/devif-importer
platform=/sys/devices/platform
calls=/sys/module/devif_sleep/parameters/log

# Print the state of all interfaces, and what the importer was told.
state()
{
	for devif in /sys/bus/devif/devices/*; do
		echo "$devif $(cat "$devif/symbolic_link") $(cat "$devif/enabled")"
	done
	ls "$toaster_class/interfaces"
	for file in arrivals removals; do
		echo "$file $(cat "$importer/$file")"
	done
	cat "$importer"/targets/*/state
	# links and references, not the age
	awk '{ print $1, $2, $3, $4, $5, $7, $8 }' /sys/kernel/debug/devif/holders
}

# is_active NAME: pass if the device is active
is_active()
{
	[ "$(cat "$platform/$1/power/runtime_status")" = active ]
}

# reads_on: pass if the importer's target reads
reads_on()
{
	before=$(cat "$importer"/targets/*/reads)
	wait_for '[ "$(cat $importer/targets/*/reads)" -gt "$before" ]'
}

plan 16
load devif
listen
load devif_exporter toasters=1
load devif_importer read_ms=10 path=status
load devif_sleep
wait_for '[ "$(cat $importer/targets/*/state 2>/dev/null)" = open ]'
node=/dev/devif/$(basename "$(interface_of toaster0)")
(dd if="$node" of=/tmp/toast bs=1 count=1 2>/dev/null; echo "$?" >/tmp/status) &
reader=$!
exec 3<>"$node"
wait_for '[ "$(grep -c "file: .*(dd)" /sys/kernel/debug/devif/users)" = 1 ]'
settle
state >/tmp/before
: >"$log"
dmesg -c >/dev/null

check "the system sleeps, and wakes up" 'echo freeze >/sys/power/state'
check "it has slept" 'dmesg | grep -q "PM: suspend exit"'
settle
state >/tmp/after
check "E20 interfaces, listeners and holders are as before" 'cmp /tmp/before /tmp/after'
check "E20 no event" '[ ! -s $log ]'
check "a waiting reader still waits" 'kill -0 $reader && [ ! -s /tmp/toast ]'
check "an open file still writes" 'printf a >&3'
check "and the waiting reader gets the data" \
	'wait_for "[ -s /tmp/status ]" && [ "$(cat /tmp/status)$(cat /tmp/toast)" = 0A ]'
check "an open target still reads" 'reads_on'
exec 3>&-
echo 1 >"$bus/plug"
check "a subscription is still told" 'wait_for "[ \$(cat $importer/arrivals) = 2 ]"'
check "so is the log of uevents" 'settle && [ "$(events DEVIF_EVENT=arrival)" = 1 ]'

check "a holder is suspended before its exporter, and resumed after it" \
	'[ "$(cat $calls)" = "devif-importing-suspend devif-exporting-suspend devif-exporting-resume devif-importing-resume " ]'
check "the link is in sysfs" \
	'[ -e "$platform/devif-importing/supplier:platform:devif-exporting" ]'

# without a user both are suspended
echo auto >"$platform/devif-importing/power/control"
check "runtime: both are suspended" \
	'wait_for "! is_active devif-importing && ! is_active devif-exporting"'
echo on >"$platform/devif-importing/power/control"
check "runtime: an active holder has an active exporter" \
	'is_active devif-importing && is_active devif-exporting'
echo auto >"$platform/devif-importing/power/control"
check "runtime: and lets it go" \
	'wait_for "! is_active devif-importing && ! is_active devif-exporting"'

rmmod devif_sleep
kill "$listener"
rmmod devif_importer
rmmod devif_exporter
check "all modules go" 'wait_for "rmmod devif" && ! is_loaded devif'
ktap_finished
