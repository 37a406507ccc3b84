// SPDX-License-Identifier: GPL-2.0
/*
 * hold-events NODE - open only the events of an interface, print a line, and keep
 * the event file until end of file on standard input.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../include/uapi/linux/devif.h"

int main(int argc, char **argv)
{
	int node, events;
	char c;

	if (argc != 2)
		errx(2, "usage: hold-events NODE");
	node = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (node < 0)
		err(1, "%s", argv[1]);
	events = ioctl(node, DEVIF_IOC_EVENTS, O_CLOEXEC);
	if (events < 0)
		err(1, "%s: events", argv[1]);
	close(node);
	puts("open");
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	close(events);
	return 0;
}
