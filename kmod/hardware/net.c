// SPDX-License-Identifier: GPL-2.0
/* Network interfaces that send nothing. */
#include <linux/device.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "hardware.h"

static netdev_tx_t transmit(struct sk_buff *skb, struct net_device *net)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops operations = {
	.ndo_start_xmit = transmit,
};

static void setup(struct net_device *net)
{
	net->netdev_ops = &operations;
	net->mtu = ETH_DATA_LEN;
}

static void remove_net(void *data)
{
	struct net_device *net = data;

	unregister_netdev(net);
	free_netdev(net);
}

int hardware_add_net(struct device *dev, unsigned int port)
{
	struct net_device *net;
	int ret;

	net = alloc_netdev(0, "dvf%d", NET_NAME_ENUM, setup);
	if (!net)
		return -ENOMEM;
	SET_NETDEV_DEV(net, dev);
	net->dev_port = port;
	ret = register_netdev(net);
	if (ret) {
		free_netdev(net);
		return ret;
	}
	return devm_add_action_or_reset(dev, remove_net, net);
}
