# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# The sample importer opens interfaces that arrive, reads and writes, and gets the
# query-remove, cancelled and removal callbacks.
. /testlib.sh

targets=/sys/devices/devif-importer/targets
interfaces=/sys/devices/devif-importer/interfaces

# target_of TOASTER [REFERENCE]: print the target's directory for a present interface
target_of()
{
	for devif in "/sys/devices/kitchen/$1"/devif*; do
		[ "$(cat "$devif/reference_string" 2>/dev/null)" = "${2:-}" ] || continue
		echo "$targets/${devif##*/}"
	done
}

# is TARGET FILE VALUE: wait until the file has this value
is()
{
	wait_for '[ "$(cat '"$1/$2"' 2>/dev/null)" = '"$3"' ]'
}

# more_of TARGET FILE: wait until the counter in the file grows
more_of()
{
	before=$(cat "$1/$2")
	wait_for '[ "$(cat '"$1/$2"')" -gt '"$before"' ]'
}

has_gone()
{
	wait_for '[ ! -e '"$1"' ]'
}

plan 35
load devif
load devif_exporter toasters=2
load devif_importer read_ms=10
wait_for '[ "$(ls $targets | wc -l)" = 2 ]'
target=$(target_of toaster0)
check "K4 a target is opened for each toaster" \
	'is $target state open && is "$(target_of toaster1)" state open'
check "K5 slices are written" 'more_of $target writes'
check "K5 toast is read" 'more_of $target reads && more_of $target bytes'
check "K6 events are received" 'more_of $target events'

echo 1 >/sys/bus/toaster/devices/toaster0/hidden
check "K6 hidden: the remote interface is told" 'is $target interface removed'
check "hidden: interface is not there any more" 'has_gone $interfaces/${target##*/}'
check "O3 hidden: the open target is not concerned" \
	'[ "$(cat $target/state)" = open ] && more_of $target reads'
echo 0 >/sys/bus/toaster/devices/toaster0/hidden
check "shown again: a new target" \
	'is $target interface enabled && is $target state open && more_of $target reads'
echo 1 >/sys/bus/toaster/devices/toaster0/hidden
is "$target" interface removed
echo toaster0 >"$bus/drivers/toaster/unbind"
check "hidden, then unbound: the target goes" 'has_gone $target'
echo toaster0 >"$bus/drivers/toaster/bind"
target=$(target_of toaster0)
check "bound again: opened again" 'is $target state open && more_of $target reads'

echo toaster0 >"$bus/drivers/toaster/unbind"
check "unbind: removed" 'has_gone $target && [ "$(ls $interfaces | wc -l)" = 1 ]'
echo toaster0 >"$bus/drivers/toaster/bind"
target=$(target_of toaster0)
is "$target" state open
echo 0 >"$bus/unplug"
check "unplug: removed" 'has_gone $target && [ "$(ls $interfaces | wc -l)" = 1 ]'
echo 0 >"$bus/plug"
target=$(target_of toaster0)
check "plugged in: opened again" 'is $target state open && more_of $target reads'

check "K7 eject: the target agrees" 'echo 0 >$bus/eject && has_gone $target'
echo 0 >"$bus/plug"
target=$(target_of toaster0)
is "$target" state open
echo 1 >"$target/refuse"
dmesg -c >/dev/null
check "K7 eject: the target refuses" '! echo 0 >$bus/eject 2>/dev/null'
check "who refuses is named" \
	'dmesg | grep -q "toaster0.*removal refused by devif-importer (devif_importer)"'
check "K7 refused: it is open, and was so all the time" \
	'[ "$(cat $target/state)-$(cat $target/opens)" = open-1 ] && more_of $target reads'
echo 0 >"$target/refuse"
check "K7 eject: then it agrees" 'echo 0 >$bus/eject && has_gone $target'
rmmod devif_importer
rmmod devif_exporter

# two interfaces on one device: the target that agrees first gets the other's refusal
load devif_exporter toasters=1 target=toaster:toaster0 reference=other
load devif_importer read_ms=10
wait_for '[ "$(ls $targets | wc -l)" = 2 ]'
target=$(target_of toaster0)
other=$(target_of toaster0 other)
is "$target" state open
is "$other" state open
echo 1 >"$other/refuse"
check "K7 eject: one of two refuses" '! echo 0 >$bus/eject 2>/dev/null'
check "K7 remove-cancelled: the other opens again" \
	'is $target state open && is $target opens 2 && more_of $target reads'
check "K7 who refuses does not" '[ "$(cat $other/opens)" = 1 ]'
echo 0 >"$other/refuse"
check "K7 eject: both agree" 'echo 0 >$bus/eject && has_gone $target && has_gone $other'
rmmod devif_importer
rmmod devif_exporter

load devif_importer read_ms=10 refuse=1
load devif_exporter toasters=1
wait_for '[ "$(ls $targets | wc -l)" = 1 ]'
is "$(target_of toaster0)" state open
check "refuse=1: refuses" '! echo 0 >$bus/eject 2>/dev/null'
check "refuse=1: to pull it out works all the same" \
	'echo 0 >$bus/unplug && wait_for "[ -z \"\$(ls $targets)\" ]"'
echo 0 >"$bus/plug"
wait_for '[ "$(ls $targets | wc -l)" = 1 ]'
more_of "$(target_of toaster0)" reads
check "exporter goes while it is read from" 'rmmod devif_exporter'
check "nothing is left of its targets" 'wait_for "[ -z \"\$(ls $targets)\" ]"'
load devif_exporter toasters=2
wait_for '[ "$(ls $targets | wc -l)" = 2 ]'
check "exporter is back: opened" 'more_of "$(target_of toaster1)" reads'
dmesg -c >/dev/null
check "importer goes while it reads" 'rmmod devif_importer'
check "importer has left nothing to be ended" '! dmesg | grep "devif_importer left"'
rmmod devif_exporter
check "K8 all that was opened has been released" \
	'dmesg | grep "devif_exporter: opened=" | tail -n 1 | grep -q "opened=\([0-9]*\) closed=\1$"'

# a sub-path, and a path that cannot be opened
load devif_exporter toasters=1
load devif_importer read_ms=10 path=status
wait_for '[ "$(ls $targets | wc -l)" = 1 ]'
target=$(target_of toaster0)
check "K9 a path is added to the name" 'is $target state open && more_of $target bytes'
check "K9 nothing is written" '[ "$(cat $target/writes)" = 0 ]'
rmmod devif_importer
load devif_importer path=crumbs
wait_for '[ "$(ls $targets | wc -l)" = 1 ]'
check "what cannot be opened is shown" 'is $target state closed && [ "$(cat $target/error)" = -2 ]'
check "the importer goes while nothing is open" 'rmmod devif_importer'
rmmod devif_exporter
rmmod devif
check "all modules go" '! grep -q "^devif" /proc/modules'
ktap_finished
