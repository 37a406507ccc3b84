# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2034,SC2154 # "check" evaluates its strings
# shellcheck shell=sh
# Three modules export one table on one toaster, in three layers, and come and go in all
# orders while a fourth calls the one that answers; the toaster is unplugged at each step.
. /testlib.sh

load_parameters=/sys/module/devif_stack_load/parameters
nothing=-2147483648

number_of()
{
	case $1 in
	bus) echo -100 ;;
	function) echo 0 ;;
	filter) echo 100 ;;
	esac
}

# top LAYER...: print the number of the highest layer
top()
{
	highest=$nothing
	for layer; do
		[ "$(number_of "$layer")" -le "$highest" ] || highest=$(number_of "$layer")
	done
	echo "$highest"
}

answers()
{
	wait_for '[ "$(cat $load_parameters/seen)" = "'"$1"'" ]'
}

# come LAYER...: load the layers, and see who answers after each
come()
{
	loaded=
	for layer; do
		load "devif_stack_$layer" || return
		loaded="$loaded $layer"
		# shellcheck disable=SC2086 # the layers are words
		answers "$(top $loaded)" || return
	done
}

# leave LAYER...: unload them, and see who answers after each
leave()
{
	left=$*
	for layer; do
		rmmod "devif_stack_$layer" || return
		left=${left#"$layer"}
		left=${left# }
		# shellcheck disable=SC2086 # the layers are words
		answers "$(top $left)" || return
	done
}

# unplugged_after LAYER...: the toaster goes below the layers, which are unloaded then
unplugged_after()
{
	come "$@" || return
	echo 0 >"$bus/unplug"
	answers $nothing || return
	for layer; do
		rmmod "devif_stack_$layer" || return
	done
	echo 0 >"$bus/plug"
}

plan 13
load devif
load devif_exporter toasters=1
load devif_stack_load
for order in "bus function filter" "bus filter function" "function bus filter" \
	"function filter bus" "filter bus function" "filter function bus"; do
	check "J8 layers come: $order; and go in the same and in the reverse order" \
		'come $order && leave $order && come $order && leave $(echo "$order" | awk "{ print \$3, \$2, \$1 }")'
	check "A3 unplugged after each step: $order" \
		'unplugged_after ${order%% *} && unplugged_after ${order% *} && unplugged_after $order'
done
check "J8 calls were made, and none went wrong" \
	'[ "$(cat $load_parameters/calls)" -gt 0 ] && [ "$(cat $load_parameters/wrong)" = 0 ]'
rmmod devif_stack_load
rmmod devif_exporter
rmmod devif
ktap_finished
