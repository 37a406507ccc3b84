/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sample exporter: virtual toasters, and interfaces on any other device.
 */
#ifndef DEVIF_EXPORTER_TOASTER_H
#define DEVIF_EXPORTER_TOASTER_H

/* GUID_DEVINTERFACE_TOASTER, of the Windows toaster sample */
#define TOASTER_GUID_STRING	"781ef630-72b2-11d2-b852-00c04fad5171"

struct device;

int toaster_init(unsigned int count);
void toaster_exit(void);

int toaster_export(struct device *dev);
void toaster_report(void);

#define MAX_TARGETS		16

int target_add(const char *target, const char *guid, const char *reference);
void target_exit(void);

#endif /* DEVIF_EXPORTER_TOASTER_H */
