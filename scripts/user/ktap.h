/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test cases of a program, as KTAP. Each case runs in a process of its own with a
 * time limit: a case that hangs has failed, and the others go on.
 */
#ifndef DEVIF_KTAP_H
#define DEVIF_KTAP_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Seconds that a killed process may take to die */
#define DEATH_SECONDS	10

/**
 * struct test - a test case
 * @name: proposition that the case proves
 * @run: the case
 * @seconds: time limit
 */
struct test {
	const char *name;
	void (*run)(void);
	unsigned int seconds;
};

static unsigned int failures;
static int test_number;

/* Note a failure unless the condition holds, and go on. */
#define check(condition)						\
	check_at(__LINE__, !!(condition), #condition)

/* As check(), but end the case on failure. */
#define require(condition) do {						\
	if (!check(condition))						\
		exit(1);						\
} while (0)

/* Check that the call fails with this errno. */
#define check_errno(call, expected) ({					\
	errno = 0;							\
	check_errno_at(__LINE__, (call), expected, #call);		\
})

static inline bool check_at(int line, bool holds, const char *condition)
{
	int error = errno;

	if (!holds) {
		printf("# line %d: %s (errno: %s)\n", line, condition,
		       strerror(error));
		failures++;
	}
	errno = error;
	return holds;
}

static inline bool check_errno_at(int line, long result, int expected,
				  const char *call)
{
	if (result == -1 && errno == expected)
		return true;
	printf("# line %d: %s: %ld (errno: %s) instead of %s\n", line, call,
	       result, strerror(errno), strerror(expected));
	failures++;
	return false;
}

static inline long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Wait for a child; return false after the time limit. SIGCHLD must be blocked. */
static inline bool wait_child(pid_t pid, int *status, unsigned int seconds)
{
	long long end = now_ms() + seconds * 1000LL;
	const struct timespec tick = { .tv_nsec = 100000000 };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (waitpid(pid, status, WNOHANG) != pid) {
		if (now_ms() > end)
			return false;
		sigtimedwait(&child, NULL, &tick);
	}
	return true;
}

static inline pid_t start_test(const struct test *test)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		test->run();
		exit(failures ? 1 : 0);
	}
	return pid;
}

/* Return whether the process of the case has ended, by itself or by force. */
static inline bool run_test(const struct test *test)
{
	pid_t pid = start_test(test);
	bool in_time, dead = true;
	int status = -1;

	in_time = wait_child(pid, &status, test->seconds);
	kill(-pid, SIGKILL);
	if (!in_time) {
		printf("# did not end in %u seconds\n", test->seconds);
		dead = wait_child(pid, &status, DEATH_SECONDS);
	}
	if (in_time && WIFSIGNALED(status))
		printf("# killed by signal %d\n", WTERMSIG(status));
	if (!dead)
		printf("# cannot be killed\n");
	printf("%sok %d %s\n", in_time && status == 0 ? "" : "not ", test_number,
	       test->name);
	return dead;
}

static inline int run_tests(const struct test *tests, int count)
{
	sigset_t child;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);

	printf("TAP version 13\n1..%d\n", count);
	for (test_number = 1; test_number <= count; test_number++)
		if (!run_test(&tests[test_number - 1])) {
			printf("Bail out! The kernel hangs\n");
			return 1;
		}
	return 0;
}

#endif /* DEVIF_KTAP_H */
