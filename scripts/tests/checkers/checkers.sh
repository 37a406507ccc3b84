# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # "check" evaluates its strings
# shellcheck shell=sh
# Each checker of the kernel must report a deliberate fault. The lock inversion comes
# first: any report turns lockdep off.
. /testlib.sh

commit=/sys/module/devif_faults/parameters/commit
leaks=/sys/kernel/debug/kmemleak

plan 4
load devif_faults
echo inversion >$commit
check "lockdep reports an inversion of two locks" \
	'dmesg | grep -q "WARNING: possible circular locking dependency"'
echo leak >$commit
sleep 6
for _ in 1 2 3 4; do
	echo scan >$leaks
done
check "kmemleak reports a leak" 'grep -q faults_leak $leaks'
case $(uname -r) in
6.1.*)
	ktap_test_skip "a sleep in atomic context: user-mode Linux 6.1 cannot tell" ;;
*)
	echo sleep >$commit
	check "a sleep in atomic context is reported" \
		'dmesg | grep -q "BUG: sleeping function called from invalid context"'
	;;
esac
echo use-after-free >$commit
check "KASAN reports a use after free" \
	'dmesg | grep -q "BUG: KASAN: .*faults_use_after_free.*devif_faults"'
ktap_finished
