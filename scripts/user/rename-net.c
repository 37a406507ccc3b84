// SPDX-License-Identifier: GPL-2.0
/*
 * rename-net OLD NEW - rename a network interface, also without any network but the
 * local one.
 */
#include <err.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct ifreq request = { 0 };
	int any;

	if (argc != 3)
		errx(2, "usage: rename-net OLD NEW");
	strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
	strncpy(request.ifr_newname, argv[2], IFNAMSIZ - 1);
	any = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (any < 0)
		err(1, "socket");
	/* SIOCSIFNAME, which <net/if.h> lacks */
	if (ioctl(any, 0x8923, &request))
		err(1, "%s", argv[1]);
	close(any);
	return 0;
}
