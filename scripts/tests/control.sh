# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The control node: scripts/user/control-test.c.
. /testlib.sh

load devif
load devif_exporter toasters=0
exec /bin/control-test
