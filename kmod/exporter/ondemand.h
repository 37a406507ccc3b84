/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Devices on demand: the contract between their maker and their openers, other drivers
 * and applications. The software device enumerator of Windows is the model.
 *
 * Each interface of the class with a reference string stands for an appliance that does
 * not exist until it is opened, nor much longer than it is open. An opener finds a note,
 * of up to APPLIANCE_NOTE bytes, that is read and written at the file position, and goes
 * with the appliance.
 *
 * The interface without a reference string is opened to read the names of all possible
 * appliances, one a line; or with such a name as the path, which opens the appliance.
 */
#ifndef DEVIF_ONDEMAND_H
#define DEVIF_ONDEMAND_H

#define APPLIANCE_NOTE		64

/* The interface class */
#define ONDEMAND_GUID_STRING	"a4c1d0f6-6f0e-4e3b-9a57-2c8e1b7d9350"

#define ONDEMAND_CLASS_GUID						\
	GUID_INIT(0xa4c1d0f6, 0x6f0e, 0x4e3b,				\
		  0x9a, 0x57, 0x2c, 0x8e, 0x1b, 0x7d, 0x93, 0x50)

#endif /* DEVIF_ONDEMAND_H */
