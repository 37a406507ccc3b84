# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Query interfaces: the sample importer calls the sample exporter's toasters from a
# thread, and a second holder does so from a timer; the exporter leaves in every way. With
# keep=1 the importer carelessly goes on calling through revoked handles.
. /testlib.sh

importer=/sys/devices/devif-importer
holders=/sys/kernel/debug/devif/holders
trace=/sys/kernel/tracing

counter()
{
	cat "$importer/$1"
}

# more_of COUNTER: wait until the counter grows by more than five
more_of()
{
	before=$(counter "$1")
	wait_for '[ "$(counter '"$1"')" -gt "$((before + 5))" ]'
}

# held PATTERN: count the holders of toasters' query interfaces that match
held()
{
	grep "^e0b27630-5434-11d3-b890-00c04fad5171 " $holders | grep -c "$1"
}

plan 21
load devif
load devif_exporter toasters=2
load devif_importer keep=1
check "J3 toasters are called" 'more_of calls'
check "holders are listed by name" \
	'wait_for "[ \$(held devif_importer) = 4 ]" && [ "$(held "  devif-importer (devif_importer)")-$(held "  devif-importer-second (devif_importer)")" = 2-2 ]'
check "holders are listed with what they hold" \
	'[ "$(held " 2  revocable  open  *1  *[0-9]*  -  *bus#toaster#toaster1")" = 2 ]'
echo toaster0 >"$bus"/drivers/toaster/unbind
check "unbind revokes: calls are refused" 'more_of refused'
check "the other toaster is still called" 'more_of calls'
check "the end of the export is shown" '[ "$(held ended)-$(held open)" = 2-2 ]'
echo toaster0 >"$bus"/drivers/toaster/bind

check "J13 the exporter is unloaded while it is called" 'rmmod devif_exporter'
check "J13 calls are refused from then on" 'more_of refused && more_of refused'
check "J13 no call is made" \
	'n=$(counter calls); more_of refused; [ "$(counter calls)" = "$n" ]'
dmesg -c >/dev/null
load devif_exporter toasters=2
check "the exporter is back, and called" 'more_of calls'
rmmod devif_importer
check "the importer has given back all it held" '[ "$(held devif_importer)" = 0 ]'

load devif_importer keep=1 pinned=1
check "pinned: toasters are called" 'more_of calls'
check "pinned: the exporter cannot be unloaded" \
	'! rmmod devif_exporter 2>/dev/null && is_loaded devif_exporter'
dmesg -c >/dev/null
echo 0 >"$bus"/unplug
check "pinned: who holds an unplugged device is named" \
	'dmesg | grep -q "toaster0: e0b27630.*still held by devif-importer-second (devif_importer), 1 references"'
check "pinned: methods know that the device has gone" 'more_of refused'
check "pinned: it is still held" '[ "$(held toaster0)-$(held toaster1)" = 2-2 ]'
rmmod devif_importer
check "pinned: then the exporter can be unloaded" 'rmmod devif_exporter'
check "every context has been released" \
	'dmesg | grep -q "devif_exporter: contexts=2 released=2 "'

# a module that leaks a reference
load devif_exporter toasters=1
dmesg -c >/dev/null
load devif_torture threads=1 pinned_percent=0 leak=1
sleep 1
rmmod devif_torture
check "who leaves references behind is named" \
	'dmesg | grep -q "devif_torture is unloaded and has left 1 references to e0b27630.*toaster0"'
rmmod devif_exporter

mount -t tracefs tracefs $trace 2>/dev/null
if [ -d $trace/events/devif ]; then
	echo 1 >$trace/events/devif/enable
	load devif_exporter toasters=1
	load devif_importer read_ms=10
	wait_for 'grep -q devif_event: $trace/trace'
	rmmod devif_exporter
	rmmod devif_importer
	echo 0 >$trace/events/devif/enable
	seen=$(grep -o 'devif_[a-z]*: ' $trace/trace | sort -u | tr -d ' \n')
	check "tracepoints" \
		'[ "$seen" = "devif_dereference:devif_disable:devif_enable:devif_event:devif_query:devif_register:devif_revoke:" ]'
else
	ktap_test_skip "tracepoints: no tracing in this kernel"
fi
rmmod devif
check "the registry goes" '! is_loaded devif'
ktap_finished
