# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Debian's udev with tools/udev/60-devif.rules: events, database, links and module
# loading. The links are tested if interfaces have device nodes.
. /testlib.sh

monitored=/tmp/monitored
log=/tmp/events
links=/dev/devif/by-class/$toaster
db=/run/udev/data
# reference strings that rules must escape, and one too long for a file name
references='a b,a_20b,..,grün,$HOME%k$(id)%%;"x";`id`{1}?*[!]|&<>#~'
references=$references,$(head -c 230 /dev/zero | tr '\0' x)
targets=6
all=7	# with the toaster's own interface

# Wait until udev has handled all events so far and the monitor has written them; leave
# the interfaces' events since the previous call in the log.
settle()
{
	udevadm settle
	echo change >/sys/module/devif/uevent
	sent=$(cat /sys/kernel/uevent_seqnum)
	wait_for 'grep -qx "SEQNUM=$sent" $monitored'
	awk 'BEGIN { RS = ""; ORS = "\n\n" } /\nSUBSYSTEM=devif\n/' "$monitored" >"$log"
	: >"$monitored"
}

# Start udev without the rule that loads modules on "add", to test the loading rule of devif.
start_udev()
{
	mount -t tmpfs tmpfs /run
	mkdir -p /run/udev/rules.d
	ln -s /dev/null /run/udev/rules.d/80-drivers.rules
	systemd-udevd --daemon 2>/dev/null
	: >"$monitored"
	udevadm monitor --property --udev --subsystem-match=devif \
		--subsystem-match=module >>"$monitored" &
	monitor=$!
	wait_for 'echo change >/sys/module/devif/uevent; [ -s $monitored ]'
}

stop_udev()
{
	kill "$monitor"
	udevadm control --exit
	wait_for '! pidof systemd-udevd >/dev/null'
	umount /run
}

# with_reference STRING: print the directory of the interface with this reference string
with_reference()
{
	dirname "$(grep -lxF "$1" /sys/bus/devif/devices/*/reference_string)"
}

# Save udev's properties of an interface.
ask_udev()
{
	udevadm info --query=property "$1" >/tmp/said
}

udev_says()
{
	grep -qxF "$1" /tmp/said
}

# Print the expected links, one for each enabled interface with a node.
wanted_links()
{
	for devif in "$toaster_class"/interfaces/*; do
		[ -e "$devif/dev" ] || continue
		link=$(cat "$devif/symbolic_link")
		[ "${#link}" -gt 255 ] ||
			echo "$links/$link -> /dev/devif/${devif##*/}"
	done | sort
}

# Print all links below /dev that this test did not find at its start, except for udev's
# links by device number.
new_links()
{
	find /dev -type l ! -path '/dev/char/*' | sort | while read -r link; do
		grep -qxF "$link" /tmp/old_links ||
			echo "$link -> $(readlink -f "$link")"
	done
}

check_links()
{
	if [ -n "$nodes" ]; then
		check "$@"
	else
		ktap_test_skip "$1"
	fi
}

plan 36
load devif
# let the importer make no toast: toast would cause events at any time
mkdir -p /etc/modprobe.d
echo 'options devif_importer path=status' >/etc/modprobe.d/devif.conf
start_udev
find /dev -type l | sort >/tmp/old_links
settle
load devif_exporter toasters=1 reference="\"$references\"" \
	target="$(yes toaster:toaster0 | head -n "$targets" | paste -sd, -)"
settle
name=$(cat "$toaster_class"/interfaces/devif0/symbolic_link)
german=$(with_reference grün)
nodes=$(find /sys/bus/devif/devices/*/ -maxdepth 1 -name dev)
check "all reference strings are there" '[ "$(ls $toaster_class/interfaces | wc -l)" = $all ]'
check "udev passes on the registrations" '[ "$(events ACTION=add)" = $all ]'
check "E2 udev passes on the arrivals" '[ "$(events DEVIF_EVENT=arrival)" = $all ]'
check "no removal" '[ "$(events DEVIF_EVENT=removal)" = 0 ]'
check "MODALIAS" '[ "$(events MODALIAS=devif:$toaster)" = $((all * 2)) ]'
check "DEVIF_REFERENCE_STRING" '[ "$(events DEVIF_REFERENCE_STRING=grün)" = 2 ]'
check "DEVIF_SYMBOLIC_LINK" \
	'[ "$(events "DEVIF_SYMBOLIC_LINK=$(cat $german/symbolic_link)")" = 2 ]'
check "disabled when registered: not ready for systemd" \
	'[ "$(events SYSTEMD_READY=0)" = $all ]'
check "an arrival loads an importer" 'is_loaded devif_importer'
ask_udev "$german"
check "udevadm info: class" 'udev_says DEVIF_CLASS_GUID=$toaster'
check "udevadm info: reference string" 'udev_says DEVIF_REFERENCE_STRING=grün'
check "udevadm info: enabled, and ready for systemd" \
	'udev_says DEVIF_ENABLED=1 && ! udev_says SYSTEMD_READY=0'
check "udev's database has the interfaces" \
	'[ "$(grep -lx G:systemd $db/* | wc -l)" = $all ] && ! grep -q SYSTEMD_READY $db/*'
check_links "links are the symbolic link names, to the nodes; there are no others" \
	'[ "$(new_links)" = "$(wanted_links)" ] && [ -n "$(wanted_links)" ]'
wanted_links >/tmp/first_links

udevadm trigger --action=add --subsystem-match=devif
settle
check "coldplug: seen" '[ "$(events ACTION=add)-$(events DEVIF_ENABLED=1)" = $all-$all ]'
check "coldplug: as before" \
	'[ "$(grep -lx G:systemd $db/* | wc -l)" = $all ] && ! grep -q SYSTEMD_READY $db/*'
check_links "coldplug: the same links" '[ "$(new_links)" = "$(cat /tmp/first_links)" ]'

echo toaster0 >"$bus/drivers/toaster/unbind"
settle
check "E4 udev passes on the removals" '[ "$(events DEVIF_EVENT=removal)" = $all ]'
check "C14 only the toaster's own is no longer registered" '[ "$(events ACTION=remove)" = 1 ]'
ask_udev "$german"
check "disabled: udev knows, and not ready for systemd" \
	'udev_says DEVIF_ENABLED=0 && udev_says SYSTEMD_READY=0'
check_links "disabled: no links" '[ -z "$(new_links)" ]'
udevadm trigger --action=change --subsystem-match=devif
settle
check_links "disabled: none after an event that was asked for" '[ -z "$(new_links)" ]'

echo toaster0 >"$bus/drivers/toaster/bind"
settle
check "E17 udev passes on the arrivals" '[ "$(events DEVIF_EVENT=arrival)" = $all ]'
ask_udev "$german"
check "ready for systemd again" 'udev_says DEVIF_ENABLED=1 && ! udev_says SYSTEMD_READY=0'
check_links "enabled again: the links are back" '[ "$(new_links)" = "$(wanted_links)" ]'

echo 0 >"$bus/unplug"
settle
check "O4 unplug: removals" '[ "$(events DEVIF_EVENT=removal)-$(events ACTION=remove)" = $all-$all ]'
check "udev's database has none" '! grep -qsx G:systemd $db/*'
check_links "unplug: no links" '[ -z "$(new_links)" ]'
echo 0 >"$bus/plug"
settle
check "C5 plug: the same name" '[ "$(events "DEVIF_SYMBOLIC_LINK=$name")" = 2 ]'
check_links "C5 plug: the same link" \
	'[ "$(new_links)" = "$links/$name -> /dev/devif/$(basename "$(interface_of toaster0)")" ]'

# a mode that a rule sets once, when the node appears
mode_of()
{
	stat -c %a "/dev/devif/$(basename "$(interface_of "$1")")"
}

echo 'SUBSYSTEM=="devif", ACTION=="add", MODE="0644", TAG+="seen"' \
	>/run/udev/rules.d/99-mode.rules
udevadm control --reload
# udevd reads new rules when it gets to it
until grep -qsx G:seen $db/*; do
	echo 0 >"$bus/unplug"
	echo 0 >"$bus/plug"
	settle
done
check_links "a mode that a rule sets at \"add\" is there after the arrival" \
	'[ "$(mode_of toaster0)" = 644 ]'
echo 0 >"$(interface_of toaster0)/enabled"
echo 1 >"$(interface_of toaster0)/enabled"
settle
check_links "... and after more of them" '[ "$(mode_of toaster0)" = 644 ]'
rm /run/udev/rules.d/99-mode.rules
udevadm control --reload

# Count udev's claims to links, which udev keeps by device number.
claims()
{
	find /run/udev/links -mindepth 2 -path '*by-class*' ! -name .lock | wc -l
}

# Replug a toaster while udev's queue is stopped; the caller has to start the queue again.
replug_quickly()
{
	udevadm control --stop-exec-queue
	for _ in 1 2 3 4 5; do
		echo 0 >"$bus/unplug"
		echo 0 >"$bus/plug"
	done
}

replug_quickly
udevadm control --start-exec-queue
settle
check_links "quick replugs: one link, and one claim to it" \
	'[ "$(new_links)-$(claims)" = "$(wanted_links)-1" ]'
replug_quickly
echo 0 >"$(interface_of toaster0)/enabled"
udevadm control --start-exec-queue
settle
check_links "... and disabled at last: none" '[ "$(new_links)-$(claims)" = -0 ]'
echo 1 >"$(interface_of toaster0)/enabled"

rmmod devif_importer
rmmod devif_exporter
settle
check "E13 module unload: removals" '[ "$(events DEVIF_EVENT=removal)" = 1 ]'
check "nothing is left" '[ -z "$(new_links)" ] && [ ! -e /dev/devif/by-class ]'
stop_udev
rmmod devif
ktap_finished
