// SPDX-License-Identifier: GPL-2.0
/*
 * Replay of existing interfaces: subscribing to a class whose interfaces are
 * enabled, beside register_netdevice_notifier(), which calls for each network
 * device.
 *
 * An operation is one interface, or one network device.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/devif.h>
#include <linux/device.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "bench.h"

#define COUNT	100

static const guid_t guid = GUID_INIT(0x64657669, 0x662d, 0x6265,
				     0x8e, 0x63, 0x68, 0x2d, 0x72, 0x65, 0x70, 0x6c);

static struct device *host;
static struct devif *devifs[COUNT];
static struct net_device *netdevs[COUNT];
static struct devif_subscription *subscription;

static atomic_t not_called;
static DECLARE_COMPLETION(all_called);

static void count_call(void)
{
	if (atomic_dec_and_test(&not_called))
		complete(&all_called);
}

/*
 * Interfaces
 */

static void call(struct devif *devif, void *data)
{
	count_call();
}

static void replay_subscribe(unsigned int count, void *arg)
{
	static const struct devif_subscribe_desc desc = {
		.class = &guid,
		.arrival = call,
		.flags = DEVIF_EXISTING,
	};

	atomic_set(&not_called, count);
	reinit_completion(&all_called);
	if (!devif_subscribe(&desc, &subscription))
		wait_for_completion(&all_called);
}

static void unsubscribe(void *arg)
{
	devif_unsubscribe(subscription);
	subscription = NULL;
}

static int register_interfaces(void)
{
	char reference[12];
	const struct devif_desc desc = {
		.class = &guid,
		.reference = reference,
		.flags = DEVIF_AUTO,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < COUNT; i++) {
		snprintf(reference, sizeof(reference), "%u", i);
		ret = devif_register(host, &desc, &devifs[i]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void unregister_interfaces(void)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++) {
		devif_unregister(devifs[i]);
		devifs[i] = NULL;
	}
}

/*
 * Network devices; the machine has few of its own
 */

static int notice(struct notifier_block *block, unsigned long event, void *data)
{
	count_call();
	return NOTIFY_OK;
}

static struct notifier_block block = { .notifier_call = notice };

/* Registering calls back for all network devices before it returns. */
static void replay_netdevice(unsigned int count, void *arg)
{
	atomic_set(&not_called, count);
	register_netdevice_notifier(&block);
}

static void unregister_notifier(void *arg)
{
	unregister_netdevice_notifier(&block);
}

static int register_netdev_number(unsigned int number)
{
	static const struct net_device_ops never_up;
	struct net_device *netdev;
	int ret;

	netdev = alloc_netdev(0, "devifbench%d", NET_NAME_ENUM, ether_setup);
	if (!netdev)
		return -ENOMEM;
	netdev->netdev_ops = &never_up;
	eth_hw_addr_random(netdev);
	ret = register_netdev(netdev);
	if (ret) {
		free_netdev(netdev);
		return ret;
	}
	netdev->needs_free_netdev = true;
	netdevs[number] = netdev;
	return 0;
}

static int register_netdevs(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < COUNT && !ret; i++)
		ret = register_netdev_number(i);
	return ret;
}

static void unregister_netdevs(void)
{
	LIST_HEAD(list);
	unsigned int i;

	rtnl_lock();
	for (i = 0; i < COUNT; i++) {
		if (netdevs[i])
			unregister_netdevice_queue(netdevs[i], &list);
		netdevs[i] = NULL;
	}
	unregister_netdevice_many(&list);
	rtnl_unlock();
}

/*
 * The module
 */

static int add_benches(void)
{
	static const struct bench benches[] = {
		{ "replay_subscribe", COUNT, replay_subscribe,
		  .finish = unsubscribe },
		{ "replay_netdevice", COUNT, replay_netdevice,
		  .finish = unregister_notifier },
	};

	return bench_add(benches, ARRAY_SIZE(benches));
}

/**
 * bench_replay_init() - add the operations of this file
 *
 * Return: 0 or a negative errno
 */
int bench_replay_init(void)
{
	int ret;

	host = root_device_register("devif-bench-replay");
	if (IS_ERR(host))
		return PTR_ERR(host);
	ret = register_interfaces();
	if (!ret)
		ret = register_netdevs();
	if (!ret)
		ret = add_benches();
	if (ret)
		bench_replay_exit();
	return ret;
}

/**
 * bench_replay_exit() - undo bench_replay_init()
 */
void bench_replay_exit(void)
{
	unregister_netdevs();
	unregister_interfaces();
	root_device_unregister(host);
}
