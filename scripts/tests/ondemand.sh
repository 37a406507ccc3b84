# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck disable=SC2093 # "exec" redirects
# shellcheck shell=sh
# Devices that exist while their interface is open: the sample exporter's software
# enumerator.
. /testlib.sh

class=a4c1d0f6-6f0e-4e3b-9a57-2c8e1b7d9350
appliances=/sys/bus/ondemand
targets=/sys/devices/devif-importer/targets

# name_of [REFERENCE]: print the name of the interface with this reference string, or with
# none
name_of()
{
	for devif in /sys/devices/devif-enumerator/devif*; do
		[ "$(cat "$devif/reference_string" 2>/dev/null)" = "${1:-}" ] &&
			basename "$devif"
	done
}

there()
{
	[ -e "$appliances/devices/$1" ]
}

goes()
{
	wait_for '! there '"$1"
}

# is TARGET FILE VALUE: wait until the file has this value
is()
{
	wait_for '[ "$(cat '"$targets/$1/$2"' 2>/dev/null)" = '"$3"' ]'
}

plan 28
load devif
load devif_exporter toasters=0 ondemand=kettle,grill
bus=$(name_of)
grill=$(name_of grill)
kettle=$(name_of kettle)
node=/dev/devif/$kettle
check "C11 an interface for each, and one of the enumerator" \
	'[ "$(ls /sys/class/devif_class/$class/interfaces | wc -l)" = 3 ]'
check "G13 no reference string: the enumerator is opened" \
	'[ "$(cat /dev/devif/$bus | tr "\n" " ")" = "kettle grill " ]'
check "nothing is made for that" '[ -z "$(ls $appliances/devices)" ]'

exec 3<>"$node"
check "G13 open: the device is there" 'there kettle'
check "its driver is bound" \
	'[ "$(basename "$(readlink -f $appliances/devices/kettle/driver)")" = appliance ]'
check "nothing else is made" '[ "$(ls $appliances/devices)" = kettle ]'
exec 4<>"$node"
check "two opens, one device" '[ "$(ls $appliances/devices)" = kettle ]'
echo hot >&3
check "what one writes the other reads" '[ "$(cat <&4)" = hot ]'
exec 3>&-
sleep 1
check "G15 it stays while one has it open" 'there kettle'
exec 4>&-
check "G15 then it goes" 'goes kettle'
exec 3<>"$node"
check "opened again: it is a new one" 'there kettle && [ -z "$(cat <&3)" ]'

echo kettle >$appliances/drivers/appliance/unbind
check "unbound: read fails" '! cat <&3 2>/dev/null'
check "unbound: write fails" '! echo x >&3' 2>/dev/null
check "unbound: open fails" '! (: <>$node) 2>/dev/null'
echo kettle >$appliances/drivers/appliance/bind
check "bound again: what was open stays dead" '! cat <&3 2>/dev/null'
check "bound again: can be opened" '(echo new >&4 && [ "$(cat $node)" = new ]) 4<>$node'
exec 3>&-
check "then it goes" 'goes kettle'

# the importer has a target for each appliance
load devif_importer class=$class read_ms=10
check "K4 an importer opens it" 'is $kettle state open && is $grill state open'
check "devices are there for that" 'there kettle && there grill'
check "the list cannot be written" 'is $bus state closed && is $bus error -13'
rmmod devif_importer
check "the importer goes: so do they" 'goes kettle && goes grill'
load devif_importer class=$class read_ms=10 path=grill
check "G13 the enumerator with a path: that is opened" 'is $bus state open && there grill'
check "a path below a device is not known" 'is $kettle error -2 && ! there kettle'
rmmod devif_importer
load devif_importer class=$class path=toaster
check "G13 an unknown name" 'is $bus error -2 && ! there toaster'
rmmod devif_importer

load devif_importer class=$class read_ms=10
is "$kettle" state open
is "$grill" state open
exec 3<>"$node"
check "exporter goes while they are open" 'rmmod devif_exporter'
check "devices have gone" '[ ! -e $appliances ]'
check "what was open is dead" '! cat <&3 2>/dev/null'
exec 3>&-
rmmod devif_importer
rmmod devif
check "all modules go" '! grep -q "^devif" /proc/modules'
ktap_finished
