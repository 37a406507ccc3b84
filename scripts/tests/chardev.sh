# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The character devices of interfaces: scripts/user/chardev-test.c.
. /testlib.sh

load devif
exec /bin/chardev-test
