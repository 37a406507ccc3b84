# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Functions of all init scripts of guests. The kernel's command line sets $results.

export PATH=/bin:/sbin
results=${results:-/dev/console}

start_guest()
{
	/bin/busybox --install -s /bin
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev 2>/dev/null
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tmpfs tmpfs /tmp
	mount -t tmpfs tmpfs /run
	echo 0 >/proc/sys/kernel/panic_on_oops 2>/dev/null
	# keep the serial line from translating newlines
	[ ! -c "$results" ] || stty raw <"$results"
}

# Load the modules listed by guest-drivers, in order of dependency.
load_drivers()
{
	while read -r driver; do
		insmod "/lib/modules/$driver"
	done </drivers
}

end_guest()
{
	sync
	poweroff -f
}
