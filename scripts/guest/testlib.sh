# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # variables of the sourcing scripts, strings for eval
# shellcheck shell=sh
# Functions of all shell tests; the KTAP helpers are the kernel's own.
. /ktap_helpers.sh

toaster=781ef630-72b2-11d2-b852-00c04fad5171
toaster_class=/sys/class/devif_class/$toaster
bus=/sys/bus/toaster
log=/tmp/uevents
seen=/tmp/seqnum

plan()
{
	ktap_print_header
	ktap_set_plan "$1"
}

# check DESCRIPTION COMMAND: pass if the command, a string, succeeds; print the command if
# it fails
check()
{
	if eval "$2"; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		ktap_print_msg "failed: $2"
	fi
}

load()
{
	module=$1
	shift
	insmod "/lib/modules/$module.ko" "$@"
}

# interface_of TOASTER: print the directories of the toaster's interfaces
interface_of()
{
	echo "/sys/devices/kitchen/$1"/devif*
}

# events LINE: count the events in $log, which are paragraphs, with this line or, if LINE
# ends with "=", with a line that begins so
events()
{
	awk -v line="$1" 'BEGIN { RS = ""; FS = "\n" }
		{
			for (i = 1; i <= NF; i++)
				if ($i == line || (line ~ /=$/ && index($i, line) == 1)) {
					n++
					break
				}
		}
		END { print n + 0 }' "$log"
}

# wait_for COMMAND: run the command until it succeeds; fail after two minutes
wait_for()
{
	tries=1200
	while ! eval "$1"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		usleep 100000
	done
}

is_loaded()
{
	grep -q "^$1 " /proc/modules
}

# Wait until the listener has handled all events so far.
settle()
{
	sent=$(cat /sys/kernel/uevent_seqnum)
	wait_for '[ "$(cat $seen)" -ge "$sent" ]'
}

# listen: keep the uevents of interfaces in $log, and the number of the last one in $seen
listen()
{
	rm -f "$seen"
	: >"$log"
	# shellcheck disable=SC2016 # variables of the shell that runs for each event
	log=$log seen=$seen uevent sh -c '
		[ "$SUBSYSTEM" != devif ] || { echo; env; } >>"$log"
		echo "$SEQNUM" >"$seen"' &
	listener=$!
	wait_for 'echo change >/sys/module/devif/uevent; [ -s $seen ]'
}
