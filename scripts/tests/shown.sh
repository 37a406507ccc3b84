# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154 # of testlib.sh
# shellcheck shell=sh
# Read every file that shows the registry, while the shown objects end in every way. KASAN
# reports reads of freed memory, on a kernel that frees at once: boot with
# kobject_release_delay=0.
. /testlib.sh

rounds=30

# during COMMAND: run the command $rounds times while read-all reads all files
during()
{
	rm -f /tmp/stop
	read-all /tmp/stop &
	reader=$!
	i=0
	while [ $i -lt $rounds ]; do
		$1 >/dev/null 2>&1
		i=$((i + 1))
	done
	touch /tmp/stop
	wait $reader
}

# while_open COMMAND...: run a command while the first toaster is open
while_open()
{
	node=/dev/devif/$(basename "$(interface_of toaster0)")
	(
		exec 3<>"$node"
		"$@"
		exec 3<&-
	)
}

write()
{
	echo "$1" >"$2"
}

disable()
{
	while_open write 0 "$(interface_of toaster0)/enabled"
	write 1 "$(interface_of toaster0)/enabled"
}

remove()
{
	name=$(cat "$(interface_of toaster0)/symbolic_link")
	while_open write "$name force" "$toaster_class/remove"
	write 0 "$bus/unplug"
	write 0 "$bus/plug"
}

unbind()
{
	while_open write toaster0 "$bus/drivers/toaster/unbind"
	write toaster0 "$bus/drivers/toaster/bind"
}

unplug()
{
	while_open write 0 "$bus/unplug"
	write 0 "$bus/plug"
}

reload_importer()
{
	rmmod devif_importer
	load devif_importer read_ms=1
}

reload_exporter()
{
	while_open rmmod devif_exporter
	load devif_exporter toasters=2
}

reload_registry()
{
	rmmod devif
	load devif
	load devif_exporter toasters=2
	rmmod devif_exporter
}

plan 10
load devif
load devif_importer read_ms=1
load devif_exporter toasters=2
check "read while nothing happens" "during :"
check "read while files are opened and closed" "during 'while_open :'"
check "read during disabling" "during disable"
check "read while a user removes what is open" "during remove"
check "read during unbinding" "during unbind"
check "read during unplugging" "during unplug"
check "read while importers come and go" "during reload_importer"
check "read while exporters come and go" "during reload_exporter"
rmmod devif_importer devif_exporter
check "read while the registry comes and goes" "during reload_registry"
rmmod devif
check "all modules go" '! grep -q "^devif" /proc/modules'
ktap_finished
