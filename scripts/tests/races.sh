# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Plugging, binding, loading, reading and writing at the same time. The test proves that
# nothing breaks; scripts/judge checks the kernel's log afterwards.
. /testlib.sh

seconds=${RACE_SECONDS:-6}
importer=/sys/devices/devif-importer

# again COMMAND: run the command again and again until /tmp/stop exists
again()
{
	while [ ! -e /tmp/stop ]; do
		eval "$1" >/dev/null 2>&1
	done
}

race()
{
	rm -f /tmp/stop
	for command in "$@"; do
		again "$command" &
	done
	sleep "$seconds"
	touch /tmp/stop
	wait
}

plan 3
load devif
load devif_importer read_ms=1
load devif_exporter toasters=3
race 'echo 1 >$bus/unplug; echo 1 >$bus/plug' \
	'echo toaster0 >$bus/drivers/toaster/unbind; echo toaster0 >$bus/drivers/toaster/bind' \
	'cat /sys/bus/devif/devices/*/* $importer/interfaces/* $importer/targets/*/*' \
	'for f in /sys/bus/devif/devices/*/uevent; do echo change >$f; done'
check "plug, bind, read and write at once" \
	'[ "$(ls /sys/devices/kitchen | grep -c toaster)" = 3 ]'
rmmod devif_exporter

race 'insmod /lib/modules/devif_exporter.ko; rmmod devif_exporter' \
	'cat /sys/bus/devif/devices/*/*; ls -R /sys/class/devif_class/*/' \
	'echo 0 >$bus/unplug; echo 0 >$bus/plug; echo toaster1 >$bus/drivers/toaster/unbind'
rmmod devif_exporter 2>/dev/null
check "exporter loaded and unloaded under load" '[ -z "$(ls /sys/bus/devif/devices)" ]'
rmmod devif_importer
rmmod devif
check "all modules go" '! grep -q "^devif" /proc/modules'
ktap_finished
