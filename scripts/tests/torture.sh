# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Threads call toasters during unbinding, unplugging and reloading of their module. Every
# call and every context must be accounted for; scripts/judge checks the kernel's log
# afterwards. The command line may set $torture_seconds.
. /testlib.sh

seconds=${torture_seconds:-15}
threads=4

# Add up the counts that the exporter logs when it is unloaded; clear the log.
harvest()
{
	set -- "$(dmesg -c | sed -n 's/.*devif_exporter: \(contexts=.*\)/\1/p')"
	for pair in $1; do
		value=${pair#*=}
		case $pair in
		contexts=*) contexts=$((contexts + value)) ;;
		released=*) released=$((released + value)) ;;
		slices=*)   slices=$((slices + value)) ;;
		esac
	done
}

# Pass if the time is over; not before the exporter was reloaded, which a slow machine may
# take long for: there is a moment at which no importer pins it.
is_over()
{
	[ "$reloads" -gt 0 ] && [ "$(date +%s)" -ge "$end" ]
}

# Unload and reload the exporter until the time is over; while an importer pins the
# exporter, unloading fails.
reload()
{
	end=$(($(date +%s) + seconds))
	while ! is_over; do
		usleep 100000
		if rmmod devif_exporter 2>/dev/null; then
			reloads=$((reloads + 1))
			load devif_exporter toasters=3
		else
			blocked=$((blocked + 1))
		fi
		harvest
	done
}

# Keep the number of rounds in a file: the loops run in other processes.
unplug_loop()
{
	n=0
	while [ ! -e /tmp/stop ]; do
		echo "$1" >"$bus"/unplug && n=$((n + 1))
		echo "$1" >"$bus"/plug
	done 2>/dev/null
	echo $n >"/tmp/unplugs.$1"
}

unbind_loop()
{
	n=0
	while [ ! -e /tmp/stop ]; do
		echo "$1" >"$bus"/drivers/toaster/unbind && n=$((n + 1))
		echo "$1" >"$bus"/drivers/toaster/bind
	done 2>/dev/null
	echo $n >/tmp/unbinds
}

# Load an exporter that fails its init function while its toasters are already in use: the
# kernel frees such a module whatever its reference count is. (Busybox's insmod tries each
# file in two ways.)
fail_to_load()
{
	n=0
	while [ "$n" -lt 2 ]; do
		load devif_exporter toasters=3 target=no:such 2>/dev/null &&
			return 1
		! grep pinned /sys/kernel/debug/devif/holders || return 1
		n=$((n + 1))
	done
}

plan 9
contexts=0 released=0 slices=0 reloads=0 blocked=0
rm -f /tmp/stop
printk=$(cat /proc/sys/kernel/printk)
echo 5 >/proc/sys/kernel/printk
dmesg -c >/dev/null
load devif
load devif_exporter toasters=3
load devif_torture threads=$threads
unplug_loop 1 &
unplug_loop 2 &
unbind_loop toaster0 &
reload
touch /tmp/stop
wait
dmesg -c >/dev/null
rmmod devif_torture
eval "$(dmesg -c | sed -n 's/.*devif_torture: //p')"
holders=$(sed 1d /sys/kernel/debug/devif/holders)
check "the exporter can be unloaded at the end" 'rmmod devif_exporter'
harvest
load devif_torture threads=$threads pinned_percent=100 hold_ms=1000
check "an exporter that cannot be loaded waits for those who use it" fail_to_load
rmmod devif_torture
check "devif can be unloaded at the end" 'rmmod devif'
echo "$printk" >/proc/sys/kernel/printk

ktap_print_msg "seconds=$seconds threads=$threads"
ktap_print_msg "queries=$queries granted=$granted forwarded=$forwarded"
ktap_print_msg "references=$references dereferences=$dereferences"
ktap_print_msg "calls=$calls refused=$refused gone=$gone wrong=$wrong"
ktap_print_msg "unplugs=$(($(cat /tmp/unplugs.1) + $(cat /tmp/unplugs.2))) unbinds=$(cat /tmp/unbinds)"
ktap_print_msg "reloads=$reloads blocked=$blocked"
ktap_print_msg "revocations=$((contexts * 2)): each context is exported in two versions"
ktap_print_msg "contexts=$contexts released=$released slices=$slices"
check "nobody holds anything" '[ -z "$holders" ]'
check "what was granted and taken was given back" \
	'[ $((granted + forwarded + references)) = "$dereferences" ]'
check "every context was released" '[ "$contexts" = "$released" ]'
check "the exporter has seen every call" '[ "$calls" = "$slices" ]'
check "no call was answered with nonsense" '[ "$wrong" = 0 ]'
check "there was something to survive" \
	'[ "$calls" -gt 0 ] && [ "$refused" -gt 0 ] && [ "$reloads" -gt 0 ]'
ktap_finished
