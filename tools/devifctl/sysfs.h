/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files and links of sysfs, which may disappear at any time.
 */
#ifndef DEVIFCTL_SYSFS_H
#define DEVIFCTL_SYSFS_H

char *sysfs_read(const char *directory, const char *file);
char *sysfs_link_name(const char *directory, const char *link);
char *sysfs_link_target(const char *directory, const char *link);
int sysfs_write(const char *directory, const char *file, const char *value);

#endif /* DEVIFCTL_SYSFS_H */
