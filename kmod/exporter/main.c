// SPDX-License-Identifier: GPL-2.0
/*
 * Sample exporter: virtual toasters on a bus of their own, each with an
 * interface that follows its driver and can be opened, and on request interfaces on
 * existing devices of the running kernel, whose drivers know nothing of them, and
 * for devices that are made when they are opened.
 */
#include <linux/devif.h>
#include <linux/module.h>

#include "toaster.h"

static unsigned int toasters = 2;
module_param(toasters, uint, 0444);
MODULE_PARM_DESC(toasters, "number of toasters that are plugged in at first (default 2)");

static char *target[MAX_TARGETS];
static unsigned int targets;
module_param_array(target, charp, &targets, 0444);
MODULE_PARM_DESC(target, "existing devices to register an interface on, each as bus:device");

static char *guid[MAX_TARGETS];
module_param_array(guid, charp, NULL, 0444);
MODULE_PARM_DESC(guid, "class GUID of the interface on each target (default: toasters)");

static char *reference[MAX_TARGETS];
module_param_array(reference, charp, NULL, 0444);
MODULE_PARM_DESC(reference, "reference string of the interface on each target (default: none)");

static char *ondemand[MAX_ONDEMAND];
static unsigned int ondemands;
module_param_array(ondemand, charp, &ondemands, 0444);
MODULE_PARM_DESC(ondemand, "names of devices to be made when they are opened (default: none)");

unsigned short node_mode;
module_param_named(mode, node_mode, ushort, 0444);
MODULE_PARM_DESC(mode, "permissions of the character devices, 0666 for instance (default 0600)");

bool public_events;
module_param(public_events, bool, 0444);
MODULE_PARM_DESC(public_events, "show the data of events in uevents, to everybody (default 0)");

static void exporter_exit(void)
{
	target_exit();
	ondemand_exit();
	toaster_exit();
}

static int __init exporter_init(void)
{
	unsigned int i;
	int ret;

	ret = toaster_init(toasters);
	if (ret)
		return ret;
	ret = ondemand_init(ondemand, ondemands);
	for (i = 0; i < targets && !ret; i++)
		ret = target_add(target[i], guid[i] ?: TOASTER_GUID_STRING,
				 reference[i]);
	if (ret)
		exporter_exit();
	return ret;
}

module_init(exporter_init);
module_exit(exporter_exit);

MODULE_DESCRIPTION("Device interfaces: sample exporter");
MODULE_AUTHOR("The devif authors");
MODULE_VERSION(DEVIF_VERSION);
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
