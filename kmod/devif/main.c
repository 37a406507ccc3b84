// SPDX-License-Identifier: GPL-2.0
/*
 * Device interfaces: the registry.
 *
 * Objects, and their holders:
 *
 *	class	(class.c)	an interface class; kept by its users: records, and
 *				calls in flight
 *	record	(record.c)	the memory of a key, with its properties (property.c);
 *				kept by the table, until an administrator removes it
 *				(forget.c)
 *	host	(host.c)	a device with interfaces; in the table while it has
 *				any and is not being removed. life.c handles the
 *				events of its life
 *	devif	(registry.c)	an interface; kept by the tables until it is taken
 *				away, by registrations (owner.c), and by callers
 *				that have found it
 *	place	(place.c)	the id of a device without a bus; kept by the
 *				device
 *	watch	(bus.c)		the notifier of a bus; kept until a module goes
 *	export	(export.c)	a table of functions on a device; kept by the exporter
 *				and by handles
 *	handle	(handle.c)	an importer's hold on an export; kept by the importer's
 *				references, and for a while after them
 *	order	(order.c)	the order of suspend and resume of a holder and an
 *				export's device, which it keeps; kept by a handle, until
 *				the handle or the export ends
 *	removal	(removal.c)	a removal that all holders have agreed to; no object: it
 *				uses the host until a driver is bound, the device goes,
 *				or it is called off
 *	file	(file.c)	an opened interface: a handle, and waiters; kept by
 *				its opener, and until it is released; until then it
 *				uses the host of the interface
 *	listener (listener.c)	gets the events of a device: a remote interface
 *				(remote.c), a target (target.c), an event file
 *				(eventfile.c); kept by its owner
 *	runner	(runner.c)	calls an importer back for a subscription (notify.c),
 *				a remote interface or a target; kept by its owner,
 *				and while it runs
 *
 * Every object is memory of ours, counted by a kref and freed after an RCU grace
 * period. No object of ours is inside an exporter's memory, and a reference to an
 * interface does not keep the exporter's device or module.
 *
 * Mutexes and semaphores, outermost first:
 *
 *	control.lock		the image of an open control node; held while the image
 *				is made, and copied to user space
 *	devif_ejection.lock	the removal that an open control node has asked for; held
 *				while the holders are asked
 *	devif_restore_lock	held for writing while an image is restored, for reading
 *				while one is made. Both release the registry lock after
 *				each piece, but making one for a privileged process does
 *				not after some tries
 *	device lock		the driver core's; held in probe(), remove() and
 *				the bus's bind and unbind notifications. We take it
 *				for methods only, by trying (lock.c); a request made
 *				under it while a probe() runs comes from that probe()
 *	bus notifier rwsem	the driver core's; held in notifications. A work item
 *				takes it to add our notifier, when none runs (bus.c)
 *	watch_lock		the list of watches
 *	devif.state_lock	held while an interface is being enabled or
 *				disabled: the boolean, the link, the uevent
 *	devif_class.notify_lock	held while an interface of the class becomes enabled or
 *				disabled, and while a subscription comes or goes
 *	devif_registry_lock	the tables, the counts of users, the phase of a
 *				device, the life of an interface and the state it
 *				should have. No code under it waits, and no
 *				allocation under it waits for I/O, because device
 *				removal takes it
 *	devif_property_lock	the properties of all records and classes. No callback
 *				runs under it, and device removal may wait for it
 *
 * Two mutexes have none of ours inside: devif_target.lock, held while the target's open
 * file changes, and budgets_lock, for the budgets of users, under which memory is
 * allocated, since device removal does not take it.
 *
 * Spinlocks, inside of all mutexes. None has another one inside, except as said:
 *
 *	devif_export.files_lock	the files of an export; tasks only. Inside are
 *				devif_host.listeners_lock and devif_open_file.lock
 *	devif_host.listeners_lock
 *				the listeners of a device, the files open through it, the
 *				event files that speak for them, and its events for user
 *				space; any context
 *	devif_open_file.lock	the calls and requests of a file; any context
 *	devif_class.log_lock	the notices for subscribers, and how far each has read;
 *				tasks only, as the next ones
 *	places_lock		the ids of devices without a bus; no function is called
 *				under it that could release a device, and the removal of
 *				a device takes it. Inside is the driver core's devres_lock
 *	lock of nodes		the device numbers, by record (minor.c)
 *	lanes_lock		the lanes of runners, and the number of runners (lane.c)
 *	keepers_lock		the keepers shown in debugfs (keeper.c)
 *	paid_lock		the payments for uevents of events (event.c)
 *	devif_export.lock	the handles of an export; raw, any context, as the next two:
 *				a handle may go in any context. Walks use RCU
 *	graves_lock		the dead handles that are kept for a while (grave.c)
 *	devif_roll.lock		the rolls of hosts, exports and runners (roll.c). A walk
 *				rests at a member, which stays in the roll meanwhile, and
 *				lets other tasks run
 *
 * Inside of any of these are the locks of wait queues, work queues, xarrays and tables.
 *
 * Devices and links are added to sysfs and removed from it with none of our locks but
 * devif_restore_lock and state_lock, which no show function and no uevent takes. Two
 * completions of an interface stand in for a lock: "added" holds back its removal while
 * its device is still being added, "gone" holds back a new registration of the key, and
 * the end of the host, while the interface is still there. A third, "ended" of a host,
 * holds back an unbinding while another task removes the device.
 *
 * Device links are made and deleted with none of our locks held, and outside of all gates.
 *
 * Notifications of the driver core wait for the end of an export under the device lock:
 * for calls of methods, by the gate (gate.c), which for lockdep is a lock too; never for
 * callbacks of importers. Two counts of an export tell how much has ended. "users" may
 * touch the exporter's context: the exporter, until the gate is drained, and pinned
 * handles; the last user releases the context, by a work item if it is a handle. "pins"
 * are counted back when the module is put, and a module waits for them if its init function
 * has failed.
 *
 * A file of an exporter on another device than its interface ends with either. The end
 * of the interface's device waits, under the device lock, for calls of the file's methods,
 * as the end of the exporter's does; the gate is not closed for it. A walk of the files of
 * a device has cursors in the list, and holds no lock between two files.
 *
 * Runners call importers back, in work items, with no lock held. No removal waits for
 * them. The task that ends a runner waits for its callback, unless it is in that callback;
 * before, it has taken the runner off the list from which the runner is kicked, under the
 * lock of that list. No runner keeps its module: when the module is unloaded, the runners
 * that it has left are ended and waited for (module_event()). No runner waits for another
 * to have run, however many exist (lane.c).
 *
 * No task waits for data inside of an export's gate, or copies from or to user space
 * there: see file.c and chardev.c.
 *
 * Requests of user space to the control node and to sysfs begin with none of our locks
 * held, so that the removal of an interface by user space waits like a driver that
 * unregisters one.
 *
 * Lookups take no lock. They find an interface by RCU, skip it unless it is active, and
 * take a reference unless the last has gone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>

#include "core/property.h"
#include "file/file.h"
#include "user/user.h"

static int module_event(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct module *module = data;
	unsigned int callbacks, exports, interfaces;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	callbacks = devif_runner_module_gone(module);
	devif_handle_module_gone(module);
	exports = devif_export_module_gone(module);
	interfaces = devif_registry_module_gone(module);
	devif_orders_wait();
	if (interfaces || exports || callbacks)
		pr_info("%s left %u interfaces, %u exports and %u callbacks, they are given up\n",
			module->name, interfaces, exports, callbacks);
	devif_watch_drop(module);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = {
	.notifier_call = module_event,
};

static int __init devif_load(void)
{
	int ret;

	devif_wq = alloc_workqueue("devif", WQ_UNBOUND, 0);
	if (!devif_wq)
		return -ENOMEM;
	ret = devif_chardev_init();
	if (ret)
		goto err_wq;
	ret = devif_attributes_init();
	if (ret)
		goto err_chardev;
	ret = devif_class_init();
	if (ret)
		goto err_sysfs;
	ret = devif_record_init();
	if (ret)
		goto err_class;
	ret = devif_place_init();
	if (ret)
		goto err_record;
	ret = devif_host_init(&devif_life_ops);
	if (ret)
		goto err_place;
	ret = devif_registry_init();
	if (ret)
		goto err_host;
	ret = devif_export_init(&devif_files_ops);
	if (ret)
		goto err_registry;
	ret = register_module_notifier(&module_nb);
	if (ret)
		goto err_export;
	ret = devif_control_init();
	if (ret)
		goto err_notifier;
	devif_holders_init();
	return 0;

err_notifier:
	unregister_module_notifier(&module_nb);
err_export:
	devif_export_exit();
err_registry:
	devif_registry_exit();
err_host:
	devif_host_exit();
err_place:
	devif_place_exit();
err_record:
	devif_record_exit();
err_class:
	devif_class_exit();
err_sysfs:
	devif_attributes_exit();
err_chardev:
	devif_chardev_exit();
err_wq:
	destroy_workqueue(devif_wq);
	return ret;
}

/*
 * Registrations are gone with their owners, but other tasks may be about to take an
 * interface away, or to return from our code. Records, and classes with properties, are
 * left then: these go while the objects that their attributes use still exist.
 */
static void __exit devif_unload(void)
{
	devif_holders_exit();
	devif_removals_exit();
	devif_host_wait_unused();
	devif_place_exit();
	devif_events_exit();
	devif_watch_drop(NULL);
	unregister_module_notifier(&module_nb);
	devif_lanes_exit();
	devif_restore_exit();
	devif_forget_all();
	devif_control_exit();
	destroy_workqueue(devif_wq);
	devif_preempted_wait();
	devif_handle_exit();
	devif_export_exit();
	devif_registry_exit();
	devif_host_exit();
	devif_record_exit();
	devif_class_exit();
	devif_attributes_exit();
	devif_interface_exit();
	devif_chardev_exit();
}

module_init(devif_load);
module_exit(devif_unload);

MODULE_DESCRIPTION("Device interfaces: registry");
MODULE_AUTHOR("The devif authors");
MODULE_VERSION(DEVIF_VERSION);
MODULE_LICENSE("GPL");
