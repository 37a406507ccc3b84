// SPDX-License-Identifier: GPL-2.0
/*
 * Many files of one interface in debugfs: shown once each, whatever opens and closes
 * during the reading, in a time linear in their number.
 */
#include <sys/resource.h>

#include "ktap.h"
#include "toaster.h"

#define HOLDERS	"/sys/kernel/debug/devif/holders"
#define USERS	"/sys/kernel/debug/devif/users"

#define MOST	16000

static int files[MOST];

/* Open or close files of the toaster until @count are open. */
static void open_files(int count)
{
	static int opened;

	while (opened > count)
		close(files[--opened]);
	while (opened < count) {
		files[opened] = open_toaster(0, O_RDWR | O_NONBLOCK);
		if (!check(files[opened] >= 0))
			_exit(1);
		opened++;
	}
}

/*
 * Read the processor's clock. The guest's own nearly stands still while short system calls
 * keep a user-mode Linux 7.3 busy.
 */
static double now(void)
{
	return __builtin_ia32_rdtsc();
}

/* Count the lines of this process in @path, read in small pieces. */
static int count_lines(const char *path, void (*meanwhile)(void))
{
	char piece[700], line[256], ours[32];
	int fd = open(path, O_RDONLY | O_CLOEXEC), count = 0;
	size_t length = 0;
	ssize_t size, i;

	snprintf(ours, sizeof(ours), "process %d ", getpid());
	check(fd >= 0);
	while ((size = read(fd, piece, sizeof(piece))) > 0) {
		for (i = 0; i < size; i++) {
			if (length < sizeof(line) - 1)
				line[length++] = piece[i];
			if (piece[i] != '\n')
				continue;
			line[length] = '\0';
			count += !!strstr(line, ours);
			length = 0;
		}
		if (meanwhile)
			meanwhile();
		meanwhile = NULL;
	}
	check(size == 0);
	close(fd);
	return count;
}

static void shown_once(void)
{
	open_files(1000);
	check(count_lines(HOLDERS, NULL) == 1000);
	check(count_lines(USERS, NULL) == 1000);
}

/* Close every second file, the one at the reader's position too. */
static void close_half(void)
{
	int i;

	for (i = 0; i < 1000; i += 2)
		close(files[i]);
}

static void shown_while_others_go(void)
{
	int count;

	open_files(1000);
	count = count_lines(HOLDERS, close_half);
	/* lines that were in the buffer already */
	check(count >= 500 && count < 600);
	check(count_lines(USERS, NULL) == 500);
}

/* Return the clocks that it takes to show the lists, over some rounds. */
static double time_to_show(int count, int rounds)
{
	double begin;
	int i;

	open_files(count);
	begin = now();
	for (i = 0; i < rounds; i++) {
		check(count_lines(HOLDERS, NULL) == count);
		check(count_lines(USERS, NULL) == count);
	}
	return (now() - begin) / rounds;
}

/*
 * Eight times as many files: quadratic time would be 64 times as long. Load of the machine
 * that comes or goes between the two measurements disturbs an attempt.
 */
static void time_is_linear(void)
{
	double few, many;
	int attempts = 0;

	do {
		few = time_to_show(MOST / 8, 16);
		many = time_to_show(MOST, 2);
		printf("# %d files: %.0f clocks, %d files: %.0f clocks\n",
		       MOST / 8, few, MOST, many);
	} while (many >= 24 * few && ++attempts < 10);
	check(many < 24 * few);
}

/* A reader that rests does not delay the closing of files. */
static void reader_rests(void)
{
	char piece[200];
	int fd;

	open_files(100);
	fd = open(HOLDERS, O_RDONLY | O_CLOEXEC);
	check(read(fd, piece, sizeof(piece)) == sizeof(piece));
	check(pull_out(0) == 0);
	check(plug_in(0) == 0);
	/* read from the beginning again */
	check(pread(fd, piece, sizeof(piece), 0) > 0);
	close(fd);
}

static const struct test tests[] = {
	{ "each file is shown once", shown_once, 120 },
	{ "files close while they are shown", shown_while_others_go, 120 },
	{ "time grows as the number of files", time_is_linear, 600 },
	{ "a reader holds nobody up", reader_rests, 120 },
};

int main(void)
{
	const struct rlimit limit = { 2 * MOST, 2 * MOST };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		perror("setrlimit");
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
