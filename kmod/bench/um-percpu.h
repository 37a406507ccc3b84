/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before all else when modules are built for user-mode Linux to measure.
 *
 * There, an operation on a per-CPU variable turns interrupts off and on again: two
 * system calls for one instruction of x86, which would dominate the measurement. No
 * signal interrupts a single instruction of the processor, so turning preemption off
 * is enough.
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
