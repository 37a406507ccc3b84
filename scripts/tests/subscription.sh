# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# A subscription does not pin its module; debugfs names each user of the registry.
. /testlib.sh

users=/sys/kernel/debug/devif/users

# is_named LINE: pass if a line in the list of users matches the pattern
is_named()
{
	grep -q "^$1\$" $users
}

plan 17
load devif
load devif_exporter toasters=2
load devif_importer
check "a subscription is named" 'is_named "$toaster  subscription: devif_importer"'
check "H8 a subscription does not keep its module" 'rmmod devif_importer'
check "what has ended is not named" '! grep subscription $users'

# a module that leaks its subscription, and gets callbacks during its unloading
load devif_torture threads=0 subscribe=1
check "what is forgotten is named" 'is_named "$toaster  subscription: devif_torture"'
dmesg -c >/dev/null
check "H8 a module that is subscribed is unloaded" 'rmmod devif_torture'
check "what it has left is in the log" \
	'dmesg | grep -q "devif: devif_torture left 0 interfaces, 0 exports and 1 callbacks"'
check "what it has left is ended" '! grep subscription $users'
echo 0 >"$bus/unplug"
echo 0 >"$bus/plug"

# an open control node
exec 3</dev/devif/control
check "an open control node is named" 'is_named "-          control: process $$ (.*)"'
exec 3<&-
check "a closed one is not" '! grep control $users'

# an event file, which outlives its interface
mkfifo /tmp/end /tmp/says
devif=$(interface_of toaster0)
name=${devif##*/}
hold-events "/dev/devif/$name" </tmp/end >/tmp/says &
exec 4>/tmp/end
read -r line </tmp/says
check "events of an interface are named once" \
	'[ "$line" = open ] && [ "$(grep -c "^$name  *events: process $! (hold-events)$" $users)" = 1 ]'
exec 5<"/dev/devif/$name"
check "an open node is named once" \
	'[ "$(grep -c "^$name  *file: process $$ (.*)$" $users)" = 1 ]'
rmmod devif_exporter
check "an open node is named when its interface has gone" \
	'is_named "$name  *file: process $$ (.*)"'
exec 5<&-
check "a closed node is not" '! grep "file:" $users'
check "events are named when it has gone" 'is_named "$name  *events: process $! (hold-events)"'
check "they keep the registry" '! rmmod devif 2>/dev/null'
exec 4>&-
wait
check "closed events are not named" '! grep events $users'
check "then the registry goes" 'rmmod devif'
ktap_finished
