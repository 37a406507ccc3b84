# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Subscriptions do not keep their module, and are ended with it.
. /testlib.sh

plan 4
load devif
load devif_exporter toasters=2
load devif_importer
check "H8 a subscription does not keep its module" 'rmmod devif_importer'

# a module that forgets its subscription, and is told while it is unloaded
load devif_torture threads=0 subscribe=1
dmesg -c >/dev/null
check "H8 a module that is subscribed is unloaded" 'rmmod devif_torture'
check "what it has left is in the log" \
	'dmesg | grep -q "devif: devif_torture left 0 interfaces, 0 exports and 1 callbacks"'
echo 0 >"$bus/unplug"
echo 0 >"$bus/plug"

rmmod devif_exporter
check "then the registry goes" 'rmmod devif'
ktap_finished
