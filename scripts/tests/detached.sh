# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # "check" evaluates its strings
# shellcheck shell=sh
# The unload of a module waits for calls of its detached export; nothing before does.
. /testlib.sh

# order: print what the exporter has logged, in order
order()
{
	dmesg | sed -n 's/.*devif_lingering: //p' | tr '\n' ','
}

plan 3
load devif
load devif_lingering
cat /dev/devif/devif[0-9]* &
reader=$!
wait_for 'order | grep -q "call begins"'
check "module with a call inside is unloaded" 'rmmod devif_lingering'
check "unload, but no end before, has waited for the call" \
	'[ "$(order)" = "call begins,exit function ends,call ends,context is released," ]'
wait "$reader"
check "registry can be unloaded" 'rmmod devif'
ktap_finished
