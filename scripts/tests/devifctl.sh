# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# devifctl, compared with sysfs and with udev.
. /testlib.sh

disk=53f56307-b6bf-11d0-94f2-00a0c91efb8b
# a reference string that JSON, Graphviz and shells must quote
hard='<b>&"x"$y'
log=/tmp/monitored

# ends CODE COMMAND...: pass if the command exits with this code; keep its output
ends()
{
	wanted=$1
	shift
	"$@" >/tmp/out 2>/tmp/err
	code=$?
	[ "$code" = "$wanted" ] || { cat /tmp/out /tmp/err; false; }
}

says()
{
	grep -q -- "$1" /tmp/out
}

complains()
{
	grep -q -- "$1" /tmp/err
}

# as_nobody COMMAND...: run a command without privileges
as_nobody()
{
	su -s /bin/sh nobody -c "$*"
}

# Print the expected output of devifctl list, made from sysfs.
wanted_list()
{
	for devif in /sys/bus/devif/devices/devif*; do
		guid=$(cat "$devif/class_guid")
		name=$(awk -F '\t' -v guid="$guid" '$1 == guid { print $2 }' \
			/usr/share/devif/classes.tsv)
		state=disabled
		[ "$(cat "$devif/enabled")" = 0 ] || state=enabled
		driver=-
		[ ! -e "$devif/device/driver" ] ||
			driver=$(basename "$(readlink "$devif/device/driver")")
		reference=-
		[ ! -e "$devif/reference_string" ] ||
			reference=$(cat "$devif/reference_string")
		echo "${devif##*/} ${name:-$guid} $state $(basename "$(readlink -f \
			"$devif/device")") $driver $reference"
	done | sort -V
}

# Print the actual output of devifctl list, in the same form.
shown_list()
{
	devifctl list "$@" | tail -n +2 | sed 's/   *\([^ ]\)/ \1/g'
}

# shown NAME LINE: print the value of a line of devifctl show
shown()
{
	devifctl show "$1" | sed -n "s/^$2   *//p"
}

# json_of NAME KEY: print a string of an interface's object in the JSON list
json_of()
{
	devifctl list --json | sed 's/},{/}\n{/g' | grep "\"name\":\"$1\"" |
		sed 's/.*"'"$2"'":"\([^"]*\)".*/\1/'
}

seen()
{
	grep -q -- "$1" $log
}

plan 66
echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
check "not loaded: what to do is said" \
	'ends 5 devifctl && complains "not loaded" && complains "modprobe devif"'
check "a wrong command" 'ends 2 devifctl fry && complains "no command fry"'
check "a wrong option" 'ends 2 devifctl show --tree x && complains "does not take -t"'
check "a missing name" 'ends 2 devifctl show && complains usage:'
check "help" 'ends 0 devifctl --help && says "monitor"'
check "classes are known without devif" \
	'ends 0 devifctl classes && says "^disk  *$disk  *-  "'

load devif
check "nothing registered" '[ "$(devifctl | wc -l)" = 1 ]'
load devif_exporter toasters=2 reference="\"$hard,a b\"" \
	target=toaster:toaster1,toaster:toaster0 guid=$disk
toaster0=$(basename "$(interface_of toaster0 | tr ' ' '\n' | head -n 1)")
hard_one=$(basename "$(dirname "$(grep -lxF "$hard" /sys/bus/devif/devices/*/reference_string)")")
odd=/sys/bus/devif/devices/$hard_one
odd_name=$(cat "$odd/symbolic_link")

check "list is what sysfs has" '[ "$(shown_list)" = "$(wanted_list)" ]'
check "list is the default command" '[ "$(devifctl)" = "$(devifctl list)" ]'
check "list --class by name and by GUID" \
	'[ "$(shown_list --class disk)" = "$(wanted_list | grep " disk ")" ] && [ "$(devifctl list -c disk)" = "$(devifctl list -c "{53F56307-B6BF-11D0-94F2-00A0C91EFB8B}")" ]'
check "list of an unknown class" 'ends 3 devifctl list --class bread && complains "devifctl classes"'
check "list without privileges" '[ "$(as_nobody devifctl list)" = "$(devifctl list)" ]'
check "columns fit" '[ "$(devifctl list | cut -c1-8 | sort -u | grep -c " $")" = "$(devifctl list | wc -l)" ]'
check "list --long has symbolic link names" \
	'[ "$(devifctl list --long | tail -n +2 | grep -o "[^ ]*$")" = "$(ls -v /sys/bus/devif/devices | while read -r n; do cat /sys/bus/devif/devices/$n/symbolic_link; done)" ]'
check "list --tree: interfaces are below their devices" \
	'devifctl list --tree | grep -A 2 "^kitchen/toaster1 (toaster)$" | grep -c "^[|\`]-- devif[0-9]* [a-z]* enabled" | grep -qx 2'
check "JSON: attributes" \
	'[ "$(json_of $toaster0 symbolic_link)-$(json_of $toaster0 driver)-$(json_of $toaster0 class)" = "$(cat /sys/bus/devif/devices/$toaster0/symbolic_link)-toaster-$toaster" ]'
check "JSON: strings are escaped" 'devifctl list --json | grep -qF "\"reference_string\":\"<b>&\\\"x\\\"\$y\""'
check "graph: strings are escaped" 'devifctl graph | grep -qF "<b>&amp;\\\"x\\\"\$y"'
check "show: attributes" \
	'[ "$(shown $hard_one class)-$(shown $hard_one "symbolic link")-$(shown $hard_one reference)" = "$disk-$odd_name-$hard" ]'
check "show: device, driver and module" \
	'[ "$(shown $toaster0 "device path")-$(shown $toaster0 driver)-$(shown $toaster0 module)-$(shown $toaster0 node)" = /sys/devices/kitchen/toaster0-toaster-devif_exporter-/dev/devif/$toaster0 ]'
check "show by symbolic link name" '[ "$(devifctl show "$odd_name")" = "$(devifctl show $hard_one)" ]'
check "show of what is not there" 'ends 3 devifctl show devif99 && complains "devifctl list"'
check "show without privileges" 'ends 0 as_nobody devifctl show $toaster0 && says "only root"'

if [ -e /bin/udevadm ]; then
	udevadm info --query=property "$odd" >/tmp/udev
	check "udevadm info says the same" \
		'grep -qxF "DEVIF_SYMBOLIC_LINK=$(shown $hard_one "symbolic link")" /tmp/udev && grep -qxF "DEVIF_REFERENCE_STRING=$(shown $hard_one reference)" /tmp/udev && grep -qx "DEVIF_CLASS_GUID=$(shown $hard_one class)" /tmp/udev'
else
	ktap_test_skip "udevadm info says the same: no udev"
fi

devifctl monitor >$log &
monitor=$!
devifctl monitor --json --class toaster >$log.json &
json_monitor=$!
wait_for 'echo change >/sys/bus/devif/devices/$toaster0/uevent; [ -s $log ] && [ -s $log.json ]'
check "disable" 'ends 0 devifctl disable $hard_one && [ "$(cat $odd/enabled)" = 0 ]'
check "disable again is no error" 'ends 0 devifctl disable $hard_one'
check "monitor tells a removal" 'wait_for "seen \" removal *$hard_one disk toaster\""'
check "enable by symbolic link name" 'ends 0 devifctl enable "$odd_name" && [ "$(cat $odd/enabled)" = 1 ]'
check "monitor tells an arrival" 'wait_for "seen \" arrival *$hard_one disk toaster\""'
check "enable without privileges" \
	'ends 4 as_nobody devifctl enable $hard_one && complains "sudo devifctl"'
echo 0 >"$bus/unplug"
check "monitor tells that an interface has gone" 'wait_for "seen \" unregistered *$toaster0 toaster toaster0\""'
check "monitor --json --class: a line each, of this class only" \
	'wait_for "grep -q \"\\\"event\\\":\\\"unregistered\\\"\" $log.json" && ! grep -q $disk $log.json && ! grep -qv "^{.*}$" $log.json'
check "monitor has no colours in a file" '! grep -q "$(printf "\033")" $log'
check "list does not show the absent" '! devifctl list | grep -q toaster0'
check "F8 list --all shows the absent" \
	'devifctl list --all | grep -q "^-  *toaster  *absent  *bus#toaster#toaster0 .* bus#toaster#toaster0#{$toaster}$"'
absent="bus#toaster#toaster0#{$toaster}"
check "show of an absent one" '[ "$(shown "$absent" state)" = absent ]'
check "an absent one cannot be enabled" 'ends 3 devifctl enable "$absent" && complains "not there"'

set_and_get()
{
	ends 0 devifctl prop set "$1" "$2" "$3" &&
		[ "$(LC_ALL=C.UTF-8 devifctl prop get "$1" "$2")" = "$3" ]
}

check "N4 properties of all types" \
	'set_and_get $hard_one b bool:true && set_and_get $hard_one n u32:7 && set_and_get $hard_one l u64:18446744073709551615 && set_and_get $hard_one s "string:grün" && set_and_get $hard_one g guid:$disk && set_and_get $hard_one x bytes:00ff'
check "N4 properties of an absent one, and of a class" \
	'set_and_get "$absent" n u32:1 && set_and_get disk n u32:2'
check "monitor tells a change of the registry" \
	'wait_for "seen \" registry *changed generation [0-9]\""'
kill $monitor $json_monitor
check "prop list" \
	'[ "$(LC_ALL=C.UTF-8 devifctl prop list $hard_one | tail -n +2 | tr -s " " | sort | tr "\n" ",")" = "b bool true,g guid $disk,l u64 18446744073709551615,n u32 7,s string grün,x bytes 00ff," ]'
check "a locale that is not UTF-8 has ASCII only" \
	'[ "$(LC_ALL=C devifctl prop get $hard_one s)" = "string:gr\\xc3\\xbcn" ] && ! LC_ALL=C devifctl show --json $hard_one | LC_ALL=C grep -q "[^ -~]"'
check "prop remove" \
	'ends 0 devifctl prop remove $hard_one n && ends 3 devifctl prop get $hard_one n && complains "no property n"'
check "prop: a wrong value" 'ends 2 devifctl prop set $hard_one n u32:x'
check "prop without privileges: read, but not written" \
	'[ "$(as_nobody devifctl prop get disk n)" = u32:2 ] && ends 4 as_nobody devifctl prop set disk n u32:3'

check "F5 default" \
	'ends 0 devifctl default $hard_one && [ "$(devifctl default --class disk)" = "$odd_name" ] && [ "$(cat /sys/class/devif_class/$disk/default_interface)" = "$odd_name" ]'
check "F5 list shows the default" 'devifctl list | grep -q "^$hard_one  *disk  *enabled,default "'
check "F5 none" \
	'ends 0 devifctl default --class disk --none && [ -z "$(devifctl default --class disk)" ]'

check "N1 save" 'ends 0 devifctl save && cmp -s /var/lib/devif/registry /dev/devif/control'
check "N3 remove an absent one" \
	'ends 0 devifctl remove "$absent" && ! devifctl list --all | grep -q " $absent\$"'
check "N1 restore: it is there again, with its properties" \
	'ends 0 devifctl restore && devifctl list --all | grep -q " $absent\$" && [ "$(devifctl prop get "$absent" n)" = u32:1 ]'
devifctl prop set disk n u32:9
check "N1 restore --overwrite" \
	'ends 0 devifctl restore && [ "$(devifctl prop get disk n)" = u32:9 ] && ends 0 devifctl restore --overwrite && [ "$(devifctl prop get disk n)" = u32:2 ]'
echo x >>/var/lib/devif/registry
check "N1 restore explains what is wrong" \
	'ends 1 devifctl restore && complains "not the size of the image (at byte 16 of"'

echo toaster1 >"$bus/drivers/toaster/unbind"
check "what has no driver is unregistered, not absent" \
	'devifctl list --all | grep -q "^-  *toaster  *unregistered  *bus#toaster#toaster1 "'
check "N3 remove --absent-since: what is absent goes, nothing else" \
	'ends 0 devifctl remove --absent-since 2100-01-01 && says "^$absent\$" && ! says toaster1 && devifctl list --all | grep -q "unregistered  *bus#toaster#toaster1 "'
check "N3 remove --absent-since: there is nothing left" \
	'ends 0 devifctl remove --absent-since 2100-01-01 && [ ! -s /tmp/out ]'
echo toaster1 >"$bus/drivers/toaster/bind"
load devif_importer
other=$(basename "$(interface_of toaster1 | tr ' ' '\n' | while read -r i; do grep -q "$toaster" "$i/class_guid" && echo "$i"; done)")
wait_for 'devifctl show $other | grep -q "^held by .*devif-importer"'
check "show names the holders, of the interface and of the device" \
	'devifctl show $other | grep -q "^held by .*devif-importer (devif_importer): target$" && devifctl show $other | grep -q "^held by .*devif-importer (devif_importer): revocable e0b27630.* version 2 of its device$"'
check "graph has drivers, devices, interfaces and holders" \
	'devifctl graph >/tmp/graph && grep -q "\"driver:toaster\" -> \"device:/sys/devices/kitchen/toaster1\"" /tmp/graph && grep -q "\"device:/sys/devices/kitchen/toaster1\" -> \"interface:$other\"" /tmp/graph && grep -q " -> \"holder:devif-importer (devif_importer)\" .*revocable" /tmp/graph && grep -q "\"interface:$other\" -> \"holder:devif-importer (devif_importer)\" .*target" /tmp/graph'
check "show and graph name who has subscribed to the class" \
	'devifctl show $other | grep -q "^held by .*devif_importer: subscription$" && grep -q "\"class:$toaster\" -> \"holder:devif_importer\" .*subscription" /tmp/graph'
exec 7<>"/dev/devif/$other"
check "K7 eject: an application that cannot be asked refuses" \
	'ends 6 devifctl eject $other && complains "toaster1 is in use" && complains "refused: file $other process"'
check "K7 eject refused: the driver stays" '[ -e $bus/drivers/toaster/toaster1 ]'
exec 7>&-
for refuse in /sys/devices/devif-importer/targets/*/refuse; do echo 1 >"$refuse"; done
check "K7 eject: a driver refuses" \
	'ends 6 devifctl eject $other && complains "refused: target $other devif-importer"'
for refuse in /sys/devices/devif-importer/targets/*/refuse; do echo 0 >"$refuse"; done
check "K7 eject: all agree, and are named" \
	'ends 0 devifctl eject $other && says "agreed: target $other devif-importer" && [ ! -e $bus/drivers/toaster/toaster1 ]'
check "K7 eject: it has gone" 'ends 3 devifctl eject $other'
echo toaster1 >"$bus/drivers/toaster/bind"
wait_for 'devifctl show $other | grep -q "^held by .*devif-importer"'
check "N3 remove: holders are named" \
	'ends 6 devifctl remove $other && complains "devif-importer" && complains "remove --force"'
check "N3 remove --force" 'ends 0 devifctl remove --force $other && [ ! -e /sys/bus/devif/devices/$other ]'

rmmod devif_importer
rmmod devif_exporter
rmmod devif
ktap_finished
