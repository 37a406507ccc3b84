// SPDX-License-Identifier: GPL-2.0
/*
 * The classes, with the GUIDs that Windows documents for them.
 */
#include <linux/kernel.h>

#include "wellknown.h"

struct wk_class wk_classes[] = {
#ifdef CONFIG_BLOCK
	{
		.name = "disk",		/* GUID_DEVINTERFACE_DISK */
		.guid = GUID_INIT(0x53f56307, 0xb6bf, 0x11d0,
				  0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b),
		.source = &wk_block,
		.pick = wk_pick_disk,
	}, {
		.name = "cdrom",	/* GUID_DEVINTERFACE_CDROM */
		.guid = GUID_INIT(0x53f56308, 0xb6bf, 0x11d0,
				  0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b),
		.source = &wk_block,
		.pick = wk_pick_cdrom,
	}, {
		.name = "floppy",	/* GUID_DEVINTERFACE_FLOPPY */
		.guid = GUID_INIT(0x53f56311, 0xb6bf, 0x11d0,
				  0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b),
		.source = &wk_block,
		.pick = wk_pick_floppy,
	}, {
		.name = "partition",	/* GUID_DEVINTERFACE_PARTITION */
		.guid = GUID_INIT(0x53f5630a, 0xb6bf, 0x11d0,
				  0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b),
		.source = &wk_block,
		.pick = wk_pick_partition,
	},
#endif
#ifdef CONFIG_NET
	{
		.name = "net",		/* GUID_DEVINTERFACE_NET */
		.guid = GUID_INIT(0xcac88484, 0x7515, 0x4c03,
				  0x82, 0xe6, 0x71, 0xa8, 0x7a, 0xba, 0xc3, 0x61),
		.source = &wk_net,
		.pick = wk_pick_net,
	},
#endif
#if IS_BUILTIN(CONFIG_INPUT)
	{
		.name = "keyboard",	/* GUID_DEVINTERFACE_KEYBOARD */
		.guid = GUID_INIT(0x884b96c3, 0x56ef, 0x11d1,
				  0xbc, 0x8c, 0x00, 0xa0, 0xc9, 0x14, 0x05, 0xdd),
		.source = &wk_input,
		.pick = wk_pick_keyboard,
	}, {
		.name = "mouse",	/* GUID_DEVINTERFACE_MOUSE */
		.guid = GUID_INIT(0x378de44c, 0x56ef, 0x11d1,
				  0xbc, 0x8c, 0x00, 0xa0, 0xc9, 0x14, 0x05, 0xdd),
		.source = &wk_input,
		.pick = wk_pick_mouse,
	}, {
		.name = "hid",		/* GUID_DEVINTERFACE_HID */
		.guid = GUID_INIT(0x4d1e55b2, 0xf16f, 0x11cf,
				  0x88, 0xcb, 0x00, 0x11, 0x11, 0x00, 0x00, 0x30),
		.source = &wk_input,
		.pick = wk_pick_hid,
		.shared = true,
	}, {
		.name = "button",	/* GUID_DEVICE_SYS_BUTTON */
		.guid = GUID_INIT(0x4afa3d53, 0x74a7, 0x11d0,
				  0xbe, 0x5e, 0x00, 0xa0, 0xc9, 0x06, 0x28, 0x57),
		.source = &wk_input,
		.pick = wk_pick_button,
	}, {
		.name = "lid",		/* GUID_DEVICE_LID */
		.guid = GUID_INIT(0x4afa3d52, 0x74a7, 0x11d0,
				  0xbe, 0x5e, 0x00, 0xa0, 0xc9, 0x06, 0x28, 0x57),
		.source = &wk_input,
		.pick = wk_pick_lid,
	},
#endif
#ifdef CONFIG_TTY
	{
		.name = "serial",	/* GUID_DEVINTERFACE_COMPORT */
		.guid = GUID_INIT(0x86e0d1e0, 0x8089, 0x11d0,
				  0x9c, 0xe4, 0x08, 0x00, 0x3e, 0x30, 0x1f, 0x73),
		.source = &wk_tty,
		.pick = wk_pick_serial,
	},
#endif
#ifdef CONFIG_POWER_SUPPLY
	{
		.name = "battery",	/* GUID_DEVICE_BATTERY */
		.guid = GUID_INIT(0x72631e54, 0x78a4, 0x11d0,
				  0xbc, 0xf7, 0x00, 0xaa, 0x00, 0xb7, 0xb3, 0x2a),
		.source = &wk_power,
		.pick = wk_pick_battery,
	},
#endif
};

const unsigned int wk_class_count = ARRAY_SIZE(wk_classes);
