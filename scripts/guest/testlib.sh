# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # used by those who source this
# shellcheck shell=sh
# What shell tests share; the KTAP helpers are the kernel's own.
. /ktap_helpers.sh

toaster=781ef630-72b2-11d2-b852-00c04fad5171
toaster_class=/sys/class/devif_class/$toaster
bus=/sys/bus/toaster

plan()
{
	ktap_print_header
	ktap_set_plan "$1"
}

# check DESCRIPTION COMMAND: pass if the command, a string, succeeds. A failure
# shows it.
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

# The interface of a toaster: its directory.
interface_of()
{
	echo "/sys/devices/kitchen/$1"/devif/devif*
}

# wait_for COMMAND: up to ten seconds.
wait_for()
{
	tries=100
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
