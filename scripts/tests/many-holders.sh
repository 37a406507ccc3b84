# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Many holders in debugfs: scripts/user/many-holders.c.
. /testlib.sh

echo 40000 >/proc/sys/fs/nr_open
[ ! -e /proc/sys/fs/file-max ] || echo 60000 >/proc/sys/fs/file-max
load devif
load devif_exporter toasters=1 mode=0666
exec /bin/many-holders
