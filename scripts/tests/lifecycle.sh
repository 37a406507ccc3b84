# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Interfaces follow the state of their device without calls by the exporter.
. /testlib.sh

target=11111111-2222-3333-4444-555555555555
target_class=/sys/class/devif_class/$target
importer=/sys/devices/devif-importer

# has_counted ARRIVALS-REMOVALS: pass if the importer has counted exactly these
has_counted()
{
	[ "$(cat $importer/arrivals)-$(cat $importer/removals)" = "$1" ]
}

plan 21
load devif
load devif_exporter toasters=1

# another module's interface on the same device
load devif_importer class="$toaster"
link=$(cat "$(interface_of toaster0)/symbolic_link")
echo toaster0 >"$bus/drivers/toaster/unbind"
check "O4 unbind: no longer enabled" '[ -z "$(ls $toaster_class/interfaces)" ]'
echo toaster0 >"$bus/drivers/toaster/bind"
check "O4 bind: enabled again" '[ "$(ls $toaster_class/interfaces | wc -l)" = 1 ]'
check "D2 same name after unbind and bind" \
	'[ "$(cat "$(interface_of toaster0)/symbolic_link")" = "$link" ]'

echo 0 >"$bus/unplug"
check "O4 unplug: gone" '[ -z "$(ls $toaster_class/interfaces)$(ls $toaster_class/registered)" ]'
check "no interface is left" '[ -z "$(ls /sys/bus/devif/devices)" ]'
dmesg -c >/dev/null
echo 0 >"$bus/plug"
check "C5 same name after unplug and plug" \
	'[ "$(cat "$(interface_of toaster0)/symbolic_link")" = "$link" ]'
check "C5 known" 'dmesg | grep -q "toaster0: devif.* is back"'

check "H2 importer is told" 'wait_for "has_counted 3-2"'
check "importer shows its name" '[ "$(cat $importer/interfaces/devif*)" = "$link" ]'
echo 0 >"$bus/unplug"
check "H3 importer is told that it goes" 'wait_for "has_counted 3-3"'
check "importer lets it go" 'wait_for "[ -z \"\$(ls $importer/interfaces)\" ]"'
rmmod devif_importer

echo 0 >"$bus/plug"
load devif_importer class="$toaster" keep=1
check "H1 importer is told of what was there" 'wait_for "has_counted 1-0"'
echo 0 >"$bus/unplug"
wait_for "has_counted 1-1"
check "importer keeps reading safely" '[ "$(cat $importer/interfaces/devif*)" = "$link" ]'
echo 0 >"$bus/plug"

# the exporter goes under the importer, which holds a reference
rmmod devif_exporter
check "exporter goes while the importer holds a reference" '! is_loaded devif_exporter'
check "its interfaces have gone" '[ -z "$(ls /sys/bus/devif/devices)" ]'
check "registry cannot go yet" '! rmmod devif 2>/dev/null && is_loaded devif'
rmmod devif_importer
check "importer goes" '! is_loaded devif_importer'

# an interface on a device whose driver does not know devif
load devif_exporter toasters=1 target=toaster:toaster0 guid=$target
check "target is enabled" '[ "$(ls $target_class/interfaces | wc -l)" = 1 ]'
echo toaster0 >"$bus/drivers/toaster/unbind"
check "E11 target follows a driver that knows nothing" \
	'[ -z "$(ls $target_class/interfaces)" ] && [ "$(ls $target_class/registered | wc -l)" = 1 ]'
echo toaster0 >"$bus/drivers/toaster/bind"
check "E17 target follows a driver that knows nothing" '[ "$(ls $target_class/interfaces | wc -l)" = 1 ]'
rmmod devif_exporter
rmmod devif
check "registry goes, and its classes" '! is_loaded devif && [ ! -e /sys/class/devif_class ]'
ktap_finished
