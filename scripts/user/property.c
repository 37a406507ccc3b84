// SPDX-License-Identifier: GPL-2.0
/*
 * property NAME KEY - print a string property of the interface with this symbolic
 * link name.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../include/uapi/linux/devif.h"

int main(int argc, char **argv)
{
	char value[DEVIF_PROPERTY_VALUE_SIZE];
	struct devif_property_request request = {
		.value = (uintptr_t)value,
		.size = sizeof(value),
	};
	int control;

	if (argc != 3)
		errx(2, "usage: property NAME KEY");
	request.name = (uintptr_t)argv[1];
	request.key = (uintptr_t)argv[2];
	control = open("/dev/devif/control", O_RDONLY);
	if (control < 0)
		err(1, "/dev/devif/control");
	if (ioctl(control, DEVIF_IOC_GET_PROPERTY, &request))
		err(1, "%s: %s", argv[1], argv[2]);
	if (request.type != DEVIF_PROPERTY_STRING)
		errx(1, "%s: %s is not a string", argv[1], argv[2]);
	puts(value);
	close(control);
	return 0;
}
