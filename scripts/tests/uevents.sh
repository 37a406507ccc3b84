# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Uevents: one for each arrival or removal, with all that a rule needs.
. /testlib.sh

plan 18
load devif
listen
load devif_exporter toasters=1
settle
check "KOBJ_ADD at registration" '[ "$(events ACTION=add)" = 1 ]'
check "E2 one arrival" '[ "$(events DEVIF_EVENT=arrival)" = 1 ]'
check "no removal" '[ "$(events DEVIF_EVENT=removal)" = 0 ]'
check "MODALIAS" '[ "$(events MODALIAS=devif:$toaster)" = 2 ]'
check "DEVIF_CLASS_GUID" '[ "$(events DEVIF_CLASS_GUID=$toaster)" = 2 ]'
check "DEVIF_ENABLED on the way in" \
	'[ "$(events DEVIF_ENABLED=0)-$(events DEVIF_ENABLED=1)" = 1-1 ]'
link=$(cat "$(interface_of toaster0)/symbolic_link")
check "DEVIF_SYMBOLIC_LINK" 'grep -qxF "DEVIF_SYMBOLIC_LINK=$link" $log'
check "no DEVIF_REFERENCE_STRING without one" '! grep -q "^DEVIF_REFERENCE_STRING" $log'

: >"$log"
echo 0 >"$bus/unplug"
settle
check "E4 one removal" '[ "$(events DEVIF_EVENT=removal)" = 1 ]'
check "KOBJ_REMOVE" '[ "$(events ACTION=remove)" = 1 ]'
check "no arrival" '[ "$(events DEVIF_EVENT=arrival)" = 0 ]'

: >"$log"
echo 0 >"$bus/plug"
settle
echo change >"$(interface_of toaster0)/uevent"
settle
check "written uevent has no DEVIF_EVENT" \
	'[ "$(events ACTION=change)-$(events DEVIF_EVENT=)" = 2-1 ]'

# the driver posts an event when the slice pops up
: >"$log"
echo a >/dev/devif/"$(basename "$(interface_of toaster0)")"
wait_for '[ "$(events DEVIF_EVENT=device)" = 1 ]'
check "L6 device event, with the size of its data" \
	'[ "$(events DEVIF_EVENT_SIZE=4)-$(events DEVIF_EVENT_GUID=)" = 1-1 ]'
check "data of an event is not for everybody" '[ "$(events DEVIF_EVENT_DATA=)" = 0 ]'
rmmod devif_exporter
load devif_exporter toasters=1 public_events=1
settle
: >"$log"
echo a >/dev/devif/"$(basename "$(interface_of toaster0)")"
wait_for '[ "$(events DEVIF_EVENT=device)" = 1 ]'
check "data of an event, if the driver says so" \
	'[ "$(events DEVIF_EVENT_DATA=02000000)" = 1 ]'

# a symbolic link name of 2,100 characters, for which a uevent has no room
rmmod devif_exporter
settle
: >"$log"
load devif_exporter toasters=1 target=toaster:toaster0 \
	reference="$(head -c 700 /dev/zero | tr '\0' '#')"
settle
check "long name: events all the same" '[ "$(events DEVIF_EVENT=arrival)" = 2 ]'
check "long name: left out" '[ "$(events DEVIF_SYMBOLIC_LINK=)" = 2 ]'
: >"$log"
rmmod devif_exporter
settle
check "E13 module unload: removals without its help" '[ "$(events DEVIF_EVENT=removal)" = 2 ]'
kill "$listener"
rmmod devif
ktap_finished
