/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before all else when modules are built for user-mode Linux to measure.
 *
 * There, an operation on a per-CPU variable turns interrupts off and on again: two
 * system calls for what is one instruction on x86, and all that one would measure.
 * What the processor does in one instruction no signal interrupts; it is enough
 * not to be moved to another CPU.
 */
#ifndef DEVIF_UM_PERCPU_H
#define DEVIF_UM_PERCPU_H

#define this_cpu_add_8(variable, value)					\
do {									\
	preempt_disable_notrace();					\
	asm volatile("addq %1, %0" : "+m" (*raw_cpu_ptr(&(variable)))	\
		     : "re" ((unsigned long)(value)));			\
	preempt_enable_notrace();					\
} while (0)

#endif /* DEVIF_UM_PERCPU_H */
