# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Limits on what one user takes from others: scripts/user/limits-test.c.
. /testlib.sh

load devif
load devif_exporter toasters=0 mode=0666
exec /bin/limits-test
