# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # variables of the sourcing scripts
# shellcheck shell=sh
# Functions of the tests of devif_wellknown.

disk=53f56307-b6bf-11d0-94f2-00a0c91efb8b
cdrom=53f56308-b6bf-11d0-94f2-00a0c91efb8b
partition=53f5630a-b6bf-11d0-94f2-00a0c91efb8b
net=cac88484-7515-4c03-82e6-71a87abac361
keyboard=884b96c3-56ef-11d1-bc8c-00a0c91405dd
mouse=378de44c-56ef-11d1-bc8c-00a0c91405dd
hid=4d1e55b2-f16f-11cf-88cb-001111000030
lid=4afa3d52-74a7-11d0-be5e-00a0c9062857
serial=86e0d1e0-8089-11d0-9ce4-08003e301f73
battery=72631e54-78a4-11d0-bcf7-00aa00b7b32a

# all_of DEVICE: print the interfaces of a device
all_of()
{
	for devif in /sys/bus/devif/devices/devif*; do
		device=$(readlink -f "$devif/device")
		[ "${device##*/}" != "$1" ] || echo "$devif"
	done
}

# interface CLASS DEVICE [REFERENCE]: print the directory of an interface
interface()
{
	for devif in $(all_of "$2"); do
		[ "$(cat "$devif/class_guid" 2>/dev/null)" = "$1" ] || continue
		reference=$(cat "$devif/reference_string" 2>/dev/null)
		[ "$reference" != "${3:-}" ] || echo "$devif"
	done
}

# is_on CLASS DEVICE [REFERENCE]: pass if the interface exists and is enabled
is_on()
{
	[ "$(cat "$(interface "$@")/enabled" 2>/dev/null)" = 1 ]
}

# property_of KEY CLASS DEVICE [REFERENCE]: print a property of an interface
property_of()
{
	key=$1
	shift
	property "$(cat "$(interface "$@")/symbolic_link")" "$key"
}

# interfaces_in CLASS: print the enabled interfaces of a class
interfaces_in()
{
	for devif in "/sys/class/devif_class/$1/interfaces"/*; do
		[ ! -e "$devif" ] || echo "$devif"
	done
}

# count CLASS: count the enabled interfaces of a class
count()
{
	interfaces_in "$1" | wc -l
}

# list_properties KEY CLASS: print the property of each enabled interface of the class
list_properties()
{
	interfaces_in "$2" | while read -r devif; do
		property "$(cat "$devif/symbolic_link")" "$1"
	done
}

# is_named CLASS NAME: pass if an interface of the class has NAME as its property "name"
is_named()
{
	list_properties name "$1" | grep -qx "$2"
}
