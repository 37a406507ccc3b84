# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Attributes in sysfs: Documentation/ABI/testing/sysfs-bus-devif.
. /testlib.sh

plan 23
load devif
load devif_exporter toasters=2
devif=$(interface_of toaster0)
name=$(basename "$devif")

check "A3 interface is below its device" '[ -d "$devif" ]'
check "class_guid" '[ "$(cat "$devif/class_guid")" = $toaster ]'
check "enabled" '[ "$(cat "$devif/enabled")" = 1 ]'
check "symbolic_link is one line" '[ "$(wc -l <"$devif/symbolic_link")" = 1 ]'
check "reference_string is hidden where there is none" \
	'[ ! -e "$devif/reference_string" ]'
check "device link" '[ "$(readlink -f "$devif/device")" = /sys/devices/kitchen/toaster0 ]'
check "interface_class link" \
	'[ "$(readlink -f "$devif/interface_class")" = "$(readlink -f $toaster_class)" ]'
check "class links to the enabled interface" \
	'[ "$(readlink -f $toaster_class/interfaces/$name)" = "$(readlink -f "$devif")" ]'
check "class links to the device of the registered interface" \
	'[ "$(readlink -f $toaster_class/registered/$name)" = /sys/devices/kitchen/toaster0 ]'
check "all files but the state are read-only" '[ -z "$(find "$devif/" -maxdepth 1 -perm -0200 -type f ! -name uevent ! -name enabled)" ]'

echo toaster0 >"$bus/drivers/toaster/unbind"
check "C14 devm: unbind takes the interface away" '[ ! -e "$devif" ]'
check "links have gone" \
	'[ ! -L $toaster_class/interfaces/$name ] && [ ! -L $toaster_class/registered/$name ]'
check "B3 class stays" '[ -d $toaster_class ]'
rmmod devif_exporter

load devif_exporter toasters=0 target=platform:devif-none
check "target: a device that is not there is refused" '! is_loaded devif_exporter'
load devif_exporter toasters=1 target=toaster:toaster0 guid=not-a-guid
check "guid: what is not a GUID is refused" '! is_loaded devif_exporter'
load devif_exporter toasters=1 target=toaster:toaster0 reference=a/b
check "C9 reference: a separator is refused" '! is_loaded devif_exporter'
load devif_exporter toasters=1 target=toaster:toaster0 reference=grün
check "reference_string shows UTF-8" \
	'grep -qx "grün" /sys/bus/devif/devices/devif*/reference_string'
rmmod devif_exporter
rmmod devif

# number_of TOASTER: print its device number
number_of()
{
	cat "$(interface_of "$1")/dev" 2>/dev/null
}

load devif minors=0
check "minors: none are refused" '! is_loaded devif'
load devif minors=2
load devif_exporter toasters=2
first=$(number_of toaster0)
second=$(number_of toaster1)
echo 2 >"$bus/plug"
check "minors: no more than there are" '[ -z "$(number_of toaster2)" ]'
echo 2 >"$bus/unplug"
echo 0 >"$bus/unplug"
echo 2 >"$bus/plug"
check "minors: what is absent gives its number to what comes" \
	'[ "$(number_of toaster2)" = "$first" ] && [ "$(number_of toaster1)" = "$second" ]'
echo 2 >"$bus/unplug"
echo 0 >"$bus/plug"
check "minors: and takes one again" '[ "$(number_of toaster0)" = "$first" ]'
echo 2 >"$bus/plug"
check "minors: but what is there keeps its own" \
	'[ -z "$(number_of toaster2)" ] && [ "$(number_of toaster0)" = "$first" ]'
echo 2 >"$bus/unplug"
echo 0 >"$bus/unplug"
name=$(sed s/toaster1/toaster0/ "$(interface_of toaster1)/symbolic_link")
echo "$name" >"$toaster_class/remove"
echo 3 >"$bus/plug"
check "minors: what is forgotten keeps none" '[ "$(number_of toaster3)" = "$first" ]'
rmmod devif_exporter
rmmod devif
ktap_finished
