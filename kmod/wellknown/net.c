// SPDX-License-Identifier: GPL-2.0
/*
 * Network interfaces. They have no nodes; their names may change. A move to another
 * network namespace is a removal and an arrival.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>

#include "wellknown.h"

struct device *wk_pick_net(struct device *dev)
{
	return dev;
}

/* A card with several ports numbers them. */
static void add_net(struct net_device *net)
{
	char reference[WK_STRING_SIZE] = "";

	if (net->dev_port)
		snprintf(reference, sizeof(reference), "%u", net->dev_port);
	wk_add(&wk_net, &net->dev, reference);
}

static int net_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct net_device *net = netdev_notifier_info_to_dev(data);

	switch (event) {
	case NETDEV_REGISTER:
		add_net(net);
		break;
	case NETDEV_CHANGENAME:
		wk_rename(&net->dev, net->name);
		break;
	case NETDEV_UNREGISTER:
		wk_remove(&net->dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = net_event,
};

static int start_net(void)
{
	return register_netdevice_notifier(&notifier);
}

static void stop_net(void)
{
	unregister_netdevice_notifier(&notifier);
}

const struct wk_source wk_net = {
	.subsystem = "net",
	.start = start_net,
	.stop = stop_net,
};
