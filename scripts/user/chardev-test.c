// SPDX-License-Identifier: GPL-2.0
/*
 * Conformance of the character devices of interfaces, seen from user space, with
 * the sample exporter's toasters. Run as root in a test guest with devif loaded;
 * the last cases unload it. The argument is a seed for random data.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "../../include/uapi/linux/devif.h"
#include "../../kmod/exporter/toaster_ioctl.h"
#include "ktap.h"
#include "toaster.h"

#define NOBODY		65534
#define PAGE		4096
#define GONE		(POLLHUP | POLLERR)
#define GUID_INIT(a, b, c, ...)						\
	{ (a) & 255, (a) >> 8 & 255, (a) >> 16 & 255, (a) >> 24 & 255,	\
	  (b) & 255, (b) >> 8 & 255, (c) & 255, (c) >> 8 & 255, __VA_ARGS__ }

static unsigned int seed;

/* Return the toaster of this case; each case has its own. */
static unsigned int number(void)
{
	return 100 + test_number;
}

/* Plug in the toaster and open it. */
static int new_toaster(int flags)
{
	int fd;

	require(plug_in(number()) == 0);
	fd = open_toaster(number(), flags);
	require(fd >= 0);
	return fd;
}

static int set_level(int fd, __u32 level)
{
	return ioctl(fd, TOASTER_SET_LEVEL, &level);
}

static bool is_gone(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };
	char c = 'x';

	return read(fd, &c, 1) == -1 && errno == ENODEV &&
	       write(fd, &c, 1) == -1 && errno == ENODEV &&
	       poll(&poll_fd, 1, 0) == 1 &&
	       (poll_fd.revents & GONE) == GONE;
}

static short poll_now(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&poll_fd, 1, 0) < 0 ? -1 : poll_fd.revents;
}

static short poll_for(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, -1) < 0 ? -1 : poll_fd.revents;
}

/* Pop up slices, which on a slow machine may have popped up by themselves. */
static bool pop(int fd, int count)
{
	int popped = ioctl(fd, TOASTER_POP);

	return !popped || popped == count;
}

static bool toasts(int fd)
{
	char text[8] = "";

	return write(fd, "abc", 3) == 3 && pop(fd, 3) &&
	       read(fd, text, sizeof(text)) == 3 && !strcmp(text, "ABC");
}

/*
 * Other processes, which wait
 */

/**
 * struct waiter - a process in a call that waits
 * @pid: the process
 * @result: result of the call, in shared memory
 */
struct waiter {
	pid_t pid;
	struct result {
		bool begun;
		long value;
		int error;
	} *result;
};

static void set(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_SEQ_CST);
}

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

static void *shared_page(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	require(page != MAP_FAILED);
	return page;
}

static struct waiter start_waiter(long (*call)(int fd), int fd)
{
	struct waiter waiter = { .result = shared_page() };

	waiter.pid = fork();
	require(waiter.pid >= 0);
	if (!waiter.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		set(&waiter.result->begun);
		waiter.result->value = call(fd);
		waiter.result->error = errno;
		_exit(0);
	}
	return waiter;
}

static char state_of(pid_t pid)
{
	char path[32], text[256];
	const char *paren;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_file(path, text, sizeof(text)))
		return 0;
	paren = strrchr(text, ')');
	return paren ? paren[2] : 0;
}

static void until_asleep(const struct waiter *waiter)
{
	char state = 0;

	while (!is_set(&waiter->result->begun) || state != 'S') {
		usleep(1000);
		state = state_of(waiter->pid);
		/* the process has not exited */
		require(state && state != 'Z');
	}
}

static struct waiter start_and_wait(long (*call)(int fd), int fd)
{
	struct waiter waiter = start_waiter(call, fd);

	until_asleep(&waiter);
	return waiter;
}

static long join(const struct waiter *waiter)
{
	int status = 0;

	require(waitpid(waiter->pid, &status, 0) == waiter->pid);
	require(WIFEXITED(status));
	errno = waiter->result->error;
	return waiter->result->value;
}

static long wait_reading(int fd)
{
	char c;

	return read(fd, &c, 1);
}

static long wait_writing(int fd)
{
	return write(fd, "x", 1);
}

static long wait_polling(int fd)
{
	return poll_for(fd, POLLIN);
}

static long wait_epolling(int fd)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ||
	    epoll_wait(epoll, &event, 1, -1) != 1)
		return -1;
	return event.events;
}

/* Fill the toaster for good: no toast is read. */
static void fill(int fd)
{
	char bread[TOASTER_SLOTS];

	memset(bread, 'b', sizeof(bread));
	require(write(fd, bread, sizeof(bread)) == sizeof(bread));
	require(pop(fd, TOASTER_SLOTS));
}

/*
 * Cases: nodes and opening
 */

static void node_is_there(void)
{
	char name[32], node[64], path[64], text[32], number_text[32];
	struct stat st;

	require(plug_in(number()) == 0);
	require(find_interface(number(), name));
	require(find_node(number(), node));
	require(stat(node, &st) == 0);
	check(S_ISCHR(st.st_mode));
	snprintf(path, sizeof(path), "/sys/bus/devif/devices/%s/dev", name);
	require(read_file(path, text, sizeof(text)) == 0);
	snprintf(number_text, sizeof(number_text), "%u:%u\n", major(st.st_rdev),
		 minor(st.st_rdev));
	check(!strcmp(text, number_text));

	check(hide(number(), true) == 0);
	check(stat(node, &st) == 0);
	check(pull_out(number()) == 0);
	check_errno(stat(node, &st), ENOENT);
}

static int open_as_nobody(const char *node, int flags)
{
	int fd;

	require(setegid(NOBODY) == 0 && seteuid(NOBODY) == 0);
	fd = open(node, flags | O_CLOEXEC);
	return fd;
}

static void node_is_for_root(void)
{
	char node[64];
	struct stat st;

	require(plug_in(number()) == 0);
	require(find_node(number(), node));
	require(stat(node, &st) == 0);
	check((st.st_mode & 07777) == 0600 && !st.st_uid && !st.st_gid);
	check_errno(open_as_nobody(node, O_RDONLY), EACCES);
}

static void opens_and_toasts(void)
{
	int fd = new_toaster(O_RDWR);
	__u32 level = 77;
	char text[8] = "";
	int ret;

	check(ioctl(fd, TOASTER_GET_LEVEL, &level) == 0 && level == 0);
	check(set_level(fd, 3) == 0);
	check(ioctl(fd, TOASTER_GET_LEVEL, &level) == 0 && level == 3);
	check_errno(set_level(fd, 10), EINVAL);
	check(poll_now(fd) == POLLOUT);
	check(write(fd, "Grün", 5) == 5);
	check(poll_for(fd, POLLIN) == POLLIN);
	check(read(fd, text, sizeof(text)) == 5 && !memcmp(text, "GRüN", 5));
	check(poll_now(fd) == POLLOUT);
	check(ioctl(fd, TOASTER_POP) == 0);

	require(set_level(fd, 9) == 0);
	do {
		check(write(fd, "abc", 3) == 3);
		ret = ioctl(fd, TOASTER_POP);
		check(read(fd, text, sizeof(text)) == 3);
	} while (!ret);
	check(ret == 3);
}

static void access_is_checked(void)
{
	int reader = new_toaster(O_RDONLY);
	int writer = open_toaster(number(), O_WRONLY);
	char c;

	check_errno(write(reader, "x", 1), EBADF);
	check_errno(read(writer, &c, 1), EBADF);
	check(write(writer, "x", 1) == 1);
	check(read(reader, &c, 1) == 1 && c == 'X');
}

static void disabled_is_not_opened(void)
{
	require(plug_in(number()) == 0);
	check(hide(number(), true) == 0);
	check_errno(open_toaster(number(), O_RDWR), ENODEV);
	check(hide(number(), false) == 0);
	check(open_toaster(number(), O_RDWR) >= 0);
}

static void open_file_outlives_disabling(void)
{
	int fd = new_toaster(O_RDWR);
	struct waiter waiter = start_and_wait(wait_reading, fd);

	check(hide(number(), true) == 0);
	check(write(fd, "x", 1) == 1);
	check(join(&waiter) == 1);
	check(toasts(fd));
	check(poll_now(fd) == POLLOUT);
}

static void unbound_is_not_opened(void)
{
	char node[64];

	require(plug_in(number()) == 0);
	require(find_node(number(), node));
	check(unbind_driver(number()) == 0);
	check_errno(open(node, O_RDWR), ENOENT);
	check(bind_driver(number()) == 0);
	check(open_toaster(number(), O_RDWR) >= 0);
}

/* A node of an interface that has gone, or that never was. */
static void node_without_interface(void)
{
	char node[64];
	struct stat st;

	require(plug_in(number()) == 0);
	require(find_node(number(), node));
	require(stat(node, &st) == 0);
	require(pull_out(number()) == 0);
	require(mknod("/tmp/node", S_IFCHR | 0600, st.st_rdev) == 0);
	check_errno(open("/tmp/node", O_RDWR), ENODEV);
	unlink("/tmp/node");
	require(mknod("/tmp/node", S_IFCHR | 0600,
		      makedev(major(st.st_rdev), 0xfffff)) == 0);
	check_errno(open("/tmp/node", O_RDWR), ENODEV);
	unlink("/tmp/node");
}

static void in_use_is_not_ejected(void)
{
	int fd = new_toaster(O_RDWR);
	int other = dup(fd);

	check_errno(eject_toaster(number()), EBUSY);
	close(fd);
	check_errno(eject_toaster(number()), EBUSY);
	check(toasts(other));
	check(open_toaster(number(), O_RDWR) == fd);
	close(other);
	close(fd);
	check(eject_toaster(number()) == 0);
	check_errno(eject_toaster(number()), ENODEV);
}

/*
 * Cases: waiting, and the end
 */

static void blocked_over_unplug(long (*call)(int fd), int fd)
{
	struct waiter waiter = start_and_wait(call, fd);
	long long start;

	start = now_ms();
	check(pull_out(number()) == 0);
	check_errno(join(&waiter), ENODEV);
	check(now_ms() - start < 5000);
}

static void read_over_unplug(void)
{
	blocked_over_unplug(wait_reading, new_toaster(O_RDWR));
}

static void write_over_unplug(void)
{
	int fd = new_toaster(O_RDWR);

	fill(fd);
	blocked_over_unplug(wait_writing, fd);
}

static void read_over_unbind(void)
{
	int fd = new_toaster(O_RDWR);
	struct waiter waiter = start_and_wait(wait_reading, fd);
	int other;

	check(unbind_driver(number()) == 0);
	check_errno(join(&waiter), ENODEV);
	check(bind_driver(number()) == 0);
	other = open_toaster(number(), O_RDWR);
	check(toasts(other));
	check(is_gone(fd));
}

static void poll_over_unplug(void)
{
	struct waiter waiter;

	waiter = start_and_wait(wait_polling, new_toaster(O_RDWR));
	check(pull_out(number()) == 0);
	check((join(&waiter) & GONE) == GONE);
}

static void epoll_over_unplug(void)
{
	struct waiter waiter;

	waiter = start_and_wait(wait_epolling, new_toaster(O_RDWR));
	check(pull_out(number()) == 0);
	check((join(&waiter) & GONE) == GONE);
}

static void calls_after_unplug(void)
{
	int fd = new_toaster(O_RDWR);
	struct iovec iov = { .iov_base = &iov, .iov_len = sizeof(iov) };
	__u32 level = 1;
	struct stat st;

	check(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED &&
	      errno == ENODEV);
	check(pull_out(number()) == 0);
	check(is_gone(fd));
	check_errno(readv(fd, &iov, 1), ENODEV);
	check_errno(writev(fd, &iov, 1), ENODEV);
	check_errno(ioctl(fd, TOASTER_SET_LEVEL, &level), ENODEV);
	check_errno(ioctl(fd, TOASTER_GET_LEVEL, &level), ENODEV);
	check_errno(ioctl(fd, TOASTER_POP), ENODEV);
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, 0), ENODEV);
	check(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED &&
	      errno == ENODEV);
	check_errno(fsync(fd), EINVAL);
	lseek(fd, 1, SEEK_SET);
	lseek(fd, -1, SEEK_END);
	check(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode));
	check(is_gone(fd));
	check(plug_in(number()) == 0);
	check(is_gone(fd));
	check(close(fd) == 0);
}

static void dup_and_fork(void)
{
	int fd = new_toaster(O_RDWR);
	int other = dup(fd);
	int status = 0;
	pid_t pid;

	require(close(fd) == 0);
	check(toasts(other));
	pid = fork();
	require(pid >= 0);
	if (!pid) {
		bool ok = toasts(other) && pull_out(number()) == 0 &&
			  is_gone(other);

		_exit(ok ? 0 : 1);
	}
	require(waitpid(pid, &status, 0) == pid);
	check(status == 0);
	check(is_gone(other));
}

static void thousand_files(void)
{
	const struct rlimit limit = { .rlim_cur = 2048, .rlim_max = 2048 };
	int i, last, fd = new_toaster(O_RDWR);

	require(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	for (i = 1; i < 1000; i++) {
		last = open_toaster(number(), O_RDWR);
		require(last == fd + i);
	}
	check(toasts(last));
	check(pull_out(number()) == 0);
	for (i = 0; i < 1000; i++)
		require(is_gone(fd + i));
	for (i = 0; i < 1000; i++)
		require(close(fd + i) == 0);
}

#define MANY_FILES	16000

/* Return the milliseconds that unplugging takes with many open files. */
static long long unplug_many(bool polled)
{
	struct epoll_event event = { .events = EPOLLIN };
	int i, last, epoll, fd = new_toaster(O_RDWR);
	long long begin;

	epoll = epoll_create1(EPOLL_CLOEXEC);
	require(epoll == fd + 1);
	for (i = 2; i < MANY_FILES; i++) {
		last = open_toaster(number(), O_RDWR);
		require(last == fd + i);
		require(!polled ||
			epoll_ctl(epoll, EPOLL_CTL_ADD, last, &event) == 0);
	}
	begin = now_ms();
	check(pull_out(number()) == 0);
	begin = now_ms() - begin;
	require(close_range(fd, last, 0) == 0);
	return begin;
}

/* A wakeup of every poller for every file used to take 600 times as long. */
static void many_polled_files(void)
{
	const struct rlimit limit = { MANY_FILES + 100, MANY_FILES + 100 };
	long long quiet, polled;

	/* a kernel without this file has a larger default */
	require(write_file("/proc/sys/fs/file-max", "%d", 4 * MANY_FILES) == 0 ||
		errno == ENOENT);
	require(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	quiet = unplug_many(false);
	polled = unplug_many(true);
	printf("# unplugged with %d files in %lld ms, polled in %lld ms\n",
	       MANY_FILES, quiet, polled);
	/* quadratic wakeups would take a thousand times as long */
	check(polled < 100 * (quiet + 10));
}

static void nonblocking(void)
{
	int fd = new_toaster(O_RDWR | O_NONBLOCK);
	char c;

	check_errno(read(fd, &c, 1), EAGAIN);
	fill(fd);
	check_errno(write(fd, "x", 1), EAGAIN);
	check(poll_now(fd) == POLLIN);
	check(read(fd, &c, 1) == 1);
	check_errno(write(fd, "x", 1), EAGAIN);
	check(pull_out(number()) == 0);
	check_errno(read(fd, &c, 1), ENODEV);
}

/* O_NONBLOCK is a flag of the file, and may change. */
static void nonblocking_later(void)
{
	int fd = new_toaster(O_RDWR);
	struct waiter waiter = start_and_wait(wait_reading, fd);
	char c;

	require(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	check_errno(read(fd, &c, 1), EAGAIN);
	require(fcntl(fd, F_SETFL, 0) == 0);
	check(write(fd, "x", 1) == 1);
	check(join(&waiter) == 1);
}

static bool *handled;	/* shared */

static void handle(int signal)
{
	(void)signal;
	set(handled);
}

static long wait_interruptibly(int fd)
{
	const struct sigaction action = { .sa_handler = handle };
	char buffer[64];

	sigaction(SIGUSR1, &action, NULL);
	return read(fd, buffer, sizeof(buffer));
}

static long wait_with_restart(int fd)
{
	const struct sigaction action = { .sa_handler = handle,
					  .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &action, NULL);
	return wait_reading(fd);
}

static void signal_interrupts(void)
{
	int fd = new_toaster(O_RDWR);
	struct waiter waiter;

	handled = shared_page();
	waiter = start_and_wait(wait_interruptibly, fd);
	kill(waiter.pid, SIGUSR1);
	check_errno(join(&waiter), EINTR);

	*handled = false;
	waiter = start_and_wait(wait_with_restart, fd);
	kill(waiter.pid, SIGUSR1);
	while (!is_set(handled))
		usleep(1000);
	until_asleep(&waiter);
	check(write(fd, "x", 1) == 1);
	check(join(&waiter) == 1);
	check(toasts(fd));
}

static void killed_reader(void)
{
	int status = 0, fd = new_toaster(O_RDWR);
	struct waiter waiter = start_and_wait(wait_reading, fd);

	close(fd);
	check_errno(eject_toaster(number()), EBUSY);
	kill(waiter.pid, SIGKILL);
	check(waitpid(waiter.pid, &status, 0) == waiter.pid);
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	/* the process has closed its file */
	check(eject_toaster(number()) == 0);
}

/*
 * Cases: data
 */

static void short_and_large(void)
{
	int fd = new_toaster(O_RDWR);
	size_t size = 1 << 20;
	char *large = calloc(1, size);

	require(large);
	check(read(fd, large, 0) == 0);
	check(write(fd, large, 0) == 0);
	memset(large, 'q', size);
	check(write(fd, large, size) == TOASTER_SLOTS);
	check(read(fd, large, size) == TOASTER_SLOTS);
	check(large[0] == 'Q' && large[TOASTER_SLOTS - 1] == 'Q' &&
	      large[TOASTER_SLOTS] == 'q');

	check(write(fd, "abc", 3) == 3);
	check(pop(fd, 3));
	check(read(fd, large, 1) == 1 && large[0] == 'A');
	check(read(fd, large, size) == 2 && !memcmp(large, "BC", 2));
	check(poll_now(fd) == POLLOUT);
}

/* A page, and none behind it. */
static char *last_page(void)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(pages != MAP_FAILED);
	require(mprotect(pages + PAGE, PAGE, PROT_NONE) == 0);
	return pages;
}

static void bad_pointers(void)
{
	int fd = new_toaster(O_RDWR);
	char *none = last_page() + PAGE;
	__u32 level = 0;
	char text[8] = "";

	check(set_level(fd, 4) == 0);
	check_errno(write(fd, none, 3), EFAULT);
	check_errno(write(fd, none, 70000), EFAULT);
	check_errno(write(fd, none - 2, 3), EFAULT);
	check(ioctl(fd, TOASTER_POP) == 0);
	check_errno(ioctl(fd, TOASTER_SET_LEVEL, none), EFAULT);
	check_errno(ioctl(fd, TOASTER_SET_LEVEL, none - 2), EFAULT);
	check_errno(ioctl(fd, TOASTER_GET_LEVEL, none), EFAULT);
	check_errno(ioctl(fd, TOASTER_GET_LEVEL, NULL), EFAULT);
	check(ioctl(fd, TOASTER_GET_LEVEL, &level) == 0 && level == 4);
	memcpy(none - 5, &(__u32){ 6 }, 4);
	check(ioctl(fd, TOASTER_SET_LEVEL, none - 5) == 0);
	check(ioctl(fd, TOASTER_GET_LEVEL, &level) == 0 && level == 6);

	/* no data is lost */
	check(write(fd, "abcd", 4) == 4);
	check(pop(fd, 4));
	check_errno(read(fd, none, 3), EFAULT);
	check(read(fd, none - 2, 8) == 2 && !memcmp(none - 2, "AB", 2));
	check(read(fd, text, sizeof(text)) == 2 && !strcmp(text, "CD"));
}

static void vectors(void)
{
	char a[2], b[3], c[4] = "";
	const struct iovec out[] = {
		{ .iov_base = "ab", .iov_len = 2 },
		{ .iov_base = NULL, .iov_len = 0 },
		{ .iov_base = "cdef", .iov_len = 4 },
	};
	const struct iovec in[] = {
		{ .iov_base = a, .iov_len = sizeof(a) },
		{ .iov_base = b, .iov_len = sizeof(b) },
		{ .iov_base = c, .iov_len = sizeof(c) },
	};
	int fd = new_toaster(O_RDWR);

	check(writev(fd, out, 3) == 6);
	check(readv(fd, in, 3) == 6);
	check(!memcmp(a, "AB", 2) && !memcmp(b, "CDE", 3) && !strcmp(c, "F"));
}

/* xorshift32 */
static __u32 random32(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static unsigned int random_command(void)
{
	static const unsigned int types[] = { 't', DEVIF_IOC_MAGIC };
	unsigned int size = random32() % 4 ? random32() % 16 : random32();
	unsigned int nr = random32() % 2 ? random32() % 4 : random32();

	return _IOC(random32() % 4, types[random32() % 2], nr % 256,
		    size % (_IOC_SIZEMASK + 1));
}

/* Return NULL, an unaligned pointer, one near or past the end, or a kernel address. */
static unsigned long random_pointer(char *last)
{
	switch (random32() % 6) {
	case 0:
		return 0;
	case 1:
		return (unsigned long)last + random32() % PAGE;
	case 2:
		return (unsigned long)last + PAGE - random32() % 8;
	case 3:
		return (unsigned long)last + PAGE + random32() % PAGE;
	case 4:
		return ~(unsigned long)random32();
	default:
		return random32();
	}
}

static bool is_clean(int error)
{
	return error == ENOTTY || error == EFAULT || error == EINVAL;
}

static void fuzz_ioctl(void)
{
	unsigned int first = seed, command = 0, i;
	int fd = new_toaster(O_RDWR | O_NONBLOCK);
	char *last = last_page();
	unsigned long arg = 0;
	long ret = 0;

	printf("# seed %u\n", first);
	for (i = 0; i < 20000; i++) {
		command = random_command();
		arg = random_pointer(last);
		errno = 0;
		ret = ioctl(fd, command, arg);
		if (ret >= 0 && command == DEVIF_IOC_EVENTS)
			close(ret);
		else if (ret != 0 && !(ret == -1 && is_clean(errno)))
			break;
	}
	if (!check(i == 20000))
		printf("# command %u: 0x%08x 0x%lx: %ld, %s\n", i, command, arg,
		       ret, strerror(errno));
	set_level(fd, 0);
	check(toasts(fd));
}

static void fuzz_write(void)
{
	static unsigned char junk[70000];
	int fd = new_toaster(O_RDWR | O_NONBLOCK);
	unsigned int first = seed, i, j, size = 0, room = TOASTER_SLOTS;
	ssize_t n;

	printf("# seed %u\n", first);
	for (i = 0; i < 2000; i++) {
		size = random32() % 8 ? random32() % 80 : random32() % 70000;
		for (j = 0; j < size; j += 1 + random32() % 64)
			junk[j] = random32();
		/* an empty toaster can pop up nothing */
		n = write(fd, junk, size);
		if (n != (size < room ? size : room))
			break;
		if (ioctl(fd, TOASTER_POP) < 0)
			break;
		while (n > 0 && (j = read(fd, junk, 1 + random32() % 80)) <= n)
			n -= j;
		if (n)
			break;
	}
	if (!check(i == 2000))
		printf("# write %u of %u bytes\n", i, size);
}

/*
 * Cases: events
 */

static const unsigned char popped[16] = TOASTER_EVENT_POPPED;

/* Room for the largest record of a toaster. */
struct record {
	struct devif_event_record header;
	__u32 count;
};

static int open_events(int fd, unsigned long flags)
{
	int events = ioctl(fd, DEVIF_IOC_EVENTS, flags);

	require(events >= 0);
	return events;
}

static void post(int fd, int count)
{
	char toast[TOASTER_SLOTS];

	memset(toast, 't', sizeof(toast));
	require(write(fd, toast, count) == count);
	require(pop(fd, count));
	require(read(fd, toast, sizeof(toast)) == count);
}

static bool reads_event(int events, __u32 lost, __u32 count)
{
	struct record record;

	return read(events, &record, sizeof(record)) == sizeof(record) &&
	       record.header.size == sizeof(record) &&
	       record.header.lost == lost && record.count == count &&
	       !memcmp(record.header.guid, popped, sizeof(popped));
}

static void event_is_read(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, 0);
	int other = open_events(fd, O_NONBLOCK | O_CLOEXEC);
	struct record record;
	struct waiter waiter;

	check(fcntl(events, F_GETFD) == 0);
	check(fcntl(other, F_GETFD) == FD_CLOEXEC);
	check(fcntl(other, F_GETFL) & O_NONBLOCK);
	check_errno(read(other, &record, sizeof(record)), EAGAIN);
	check_errno(write(events, "x", 1), EBADF);
	check(poll_now(events) == 0);

	waiter = start_and_wait(wait_polling, events);
	post(fd, 5);
	check(join(&waiter) == POLLIN);
	check(reads_event(events, 0, 5));
	check(poll_for(other, POLLIN) == POLLIN);
	check(reads_event(other, 0, 5));
	check_errno(read(other, &record, sizeof(record)), EAGAIN);

	/* the event file does not need the file it came from */
	close(fd);
	fd = open_toaster(number(), O_RDWR);
	post(fd, 6);
	check(reads_event(events, 0, 6));
}

static long wait_for_event(int events)
{
	return reads_event(events, 0, 7) ? 7 : -1;
}

static void event_wakes_reader(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, 0);
	struct waiter waiter = start_and_wait(wait_for_event, events);

	post(fd, 7);
	check(join(&waiter) == 7);
	handled = shared_page();
	waiter = start_and_wait(wait_interruptibly, events);
	kill(waiter.pid, SIGUSR1);
	check_errno(join(&waiter), EINTR);
}

static void event_flags(void)
{
	int fd = new_toaster(O_RDWR);

	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, O_RDWR), EINVAL);
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, O_APPEND | O_CLOEXEC), EINVAL);
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, -1L), EINVAL);
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, 1L << 40), EINVAL);
}

/*
 * Cases: consent to a removal
 */

static const __u8 query_remove[16] = DEVIF_QUERY_REMOVE_GUID;
static const __u8 remove_cancelled[16] = DEVIF_REMOVE_CANCELLED_GUID;

struct question {
	struct devif_event_record header;
	struct devif_removal_question question;
};

static long eject_number(int n)
{
	return eject_toaster(n);
}

static bool is_asked(int events, struct question *question)
{
	return read(events, question, sizeof(*question)) == sizeof(*question) &&
	       question->header.size == sizeof(*question) &&
	       !memcmp(question->header.guid, query_remove, sizeof(query_remove)) &&
	       question->question.seconds == 10;
}

static int answer(int events, const struct question *question, __u32 agree)
{
	struct devif_removal_answer answer = {
		.number = question->question.number,
		.agree = agree,
	};

	return ioctl(events, DEVIF_IOC_ANSWER, &answer);
}

static void application_agrees(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, DEVIF_EVENTS_ASK | O_CLOEXEC);
	struct waiter waiter = start_waiter(eject_number, number());
	struct question question;

	check(poll_for(events, POLLIN) & POLLIN);
	check_errno(read(events, &question, sizeof(question) - 1), EMSGSIZE);
	require(is_asked(events, &question));
	check_errno(answer(events, &question, 2), EINVAL);
	question.question.number++;
	check_errno(answer(events, &question, 1), ESTALE);
	question.question.number--;
	check(toasts(fd));
	check(answer(events, &question, 1) == 0);
	check(join(&waiter) == 0);
	check_errno(answer(events, &question, 1), ESTALE);
	check_errno(read(fd, &question, 1), ENODEV);
}

static void application_refuses(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, DEVIF_EVENTS_ASK);
	struct waiter waiter = start_waiter(eject_number, number());
	struct question question;

	require(is_asked(events, &question));
	check(answer(events, &question, 0) == 0);
	check_errno(join(&waiter), EBUSY);
	check(toasts(fd));
}

static void application_is_silent(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, DEVIF_EVENTS_ASK | O_NONBLOCK);
	struct question question;

	/* the limit is ten seconds */
	check_errno(eject_toaster(number()), EBUSY);
	check_errno(read(events, &question, sizeof(question)), EAGAIN);
	check(toasts(fd));
}

/* Of two applications one agrees and one refuses: the first hears that the device stays. */
static void application_hears_that_it_stays(void)
{
	int fd = new_toaster(O_RDWR);
	int other = open_toaster(number(), O_RDWR);
	int agreeing = open_events(fd, DEVIF_EVENTS_ASK);
	int refusing = open_events(other, DEVIF_EVENTS_ASK);
	struct waiter waiter = start_waiter(eject_number, number());
	struct question question;

	require(is_asked(agreeing, &question));
	check(answer(agreeing, &question, 1) == 0);
	require(is_asked(refusing, &question));
	check(answer(refusing, &question, 0) == 0);
	check_errno(join(&waiter), EBUSY);
	require(read(agreeing, &question, sizeof(question)) == sizeof(question));
	check(!memcmp(question.header.guid, remove_cancelled, sizeof(remove_cancelled)));
	check(poll_now(refusing) == 0);
	check(toasts(fd) && toasts(other));
}

/* An event file speaks for its own file only, and only if it was opened for that. */
static void application_without_a_voice_refuses(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, DEVIF_EVENTS_ASK | O_NONBLOCK);
	int other = open_toaster(number(), O_RDWR);
	int deaf = open_events(other, 0);
	struct question question;

	check_errno(eject_toaster(number()), EBUSY);
	check_errno(read(events, &question, sizeof(question)), EAGAIN);
	check_errno(answer(deaf, &question, 1), ESTALE);
	close(other);
	close(events);
	check_errno(eject_toaster(number()), EBUSY);
	close(fd);
	check(eject_toaster(number()) == 0);
}

static void *eject_in_thread(void *arg)
{
	unsigned int n = number();

	(void)arg;
	return eject_toaster(n) ? (void *)(long)errno : NULL;
}

/*
 * Close @closed while the device is asked for, and return the errno of the ejection. A
 * thread has no copy of the open files.
 */
static long close_when_asked(int events, int closed)
{
	struct question question;
	pthread_t thread;
	void *error;

	require(!pthread_create(&thread, NULL, eject_in_thread, NULL));
	require(is_asked(events, &question));
	close(closed);
	require(!pthread_join(thread, &error));
	return (long)error;
}

/* Who closes the file has agreed; who closes the event file alone has lost the voice. */
static void application_closes(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, DEVIF_EVENTS_ASK);

	check(close_when_asked(events, events) == EBUSY);
	check(toasts(fd));
	events = open_events(fd, DEVIF_EVENTS_ASK);
	check(close_when_asked(events, fd) == 0);
}

/* An application that is asked has itself asked again, without end, by new event files. */
static void application_has_one_voice_more(void)
{
	int fd = new_toaster(O_RDWR), next = -1, rounds = 0;
	int events = open_events(fd, DEVIF_EVENTS_ASK);
	struct question question;
	pthread_t thread;
	void *error;

	require(!pthread_create(&thread, NULL, eject_in_thread, NULL));
	for (;;) {
		require(is_asked(events, &question));
		next = ioctl(fd, DEVIF_IOC_EVENTS, DEVIF_EVENTS_ASK);
		if (next < 0 || ++rounds == 100)
			break;
		close(events);
		events = next;
	}
	check(rounds == 0);
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, DEVIF_EVENTS_ASK), ENODEV);
	/* an event file without a voice is no harm */
	check(ioctl(fd, DEVIF_IOC_EVENTS, 0) >= 0);
	check(answer(events, &question, 0) == 0);
	require(!pthread_join(thread, &error));
	check((long)error == EBUSY);
	open_events(fd, DEVIF_EVENTS_ASK);
}

static void small_buffer_keeps_event(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, 0);
	char *none = last_page() + PAGE;
	struct record record;

	post(fd, 8);
	check_errno(read(events, &record, 1), EMSGSIZE);
	check_errno(read(events, &record, sizeof(record.header)), EMSGSIZE);
	check_errno(read(events, &record, sizeof(record) - 1), EMSGSIZE);
	check_errno(read(events, none, sizeof(record)), EFAULT);
	check_errno(read(events, none - 25, sizeof(record)), EMSGSIZE);
	check(reads_event(events, 0, 8));
}

static void lost_events_are_counted(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, O_NONBLOCK);
	struct record record;
	unsigned int i;

	for (i = 1; i <= TOASTER_SLOTS; i++)
		post(fd, i);
	for (i = 1; i <= 5; i++)
		post(fd, 10 + i);
	check(reads_event(events, 5, 6));
	for (i = 7; i <= TOASTER_SLOTS; i++)
		check(reads_event(events, 0, i));
	for (i = 1; i <= 5; i++)
		check(reads_event(events, 0, 10 + i));
	check_errno(read(events, &record, sizeof(record)), EAGAIN);
}

static long wait_for_end(int events)
{
	struct record record;

	return read(events, &record, sizeof(record));
}

static void events_end_with_the_device(void)
{
	int fd = new_toaster(O_RDWR);
	int events = open_events(fd, 0);
	int reading = open_events(fd, 0);
	struct waiter poller, reader;

	poller = start_and_wait(wait_polling, events);
	reader = start_and_wait(wait_for_end, reading);
	check(hide(number(), true) == 0);
	post(fd, 9);
	check(join(&poller) == POLLIN);
	check(join(&reader) == sizeof(struct record));

	poller = start_and_wait(wait_polling, reading);
	reader = start_and_wait(wait_for_end, reading);
	check(pull_out(number()) == 0);
	check(join(&poller) & POLLHUP);
	check(join(&reader) == 0);
	/* earlier events are still readable */
	check(poll_now(events) == (POLLIN | POLLHUP));
	check(reads_event(events, 0, 9));
	check(poll_now(events) == POLLHUP);
	check(wait_for_end(events) == 0);
	check(wait_for_end(events) == 0);
}

/*
 * Cases: all at once
 */

static bool stopping;
static int unexpected;		/* an errno */

static void note(int error)
{
	__atomic_store_n(&unexpected, error, __ATOMIC_RELAXED);
}

/* Use a toaster until it has gone or the time is over. */
static void use(int fd, unsigned int how)
{
	struct record record;
	char c = 'a';
	long ret = 0;
	int events;

	while (ret >= 0 && !is_set(&stopping)) {
		switch (how % 4) {
		case 0:
			ret = read(fd, &c, 1);
			break;
		case 1:
			ret = write(fd, &c, 1);
			break;
		case 2:
			ret = poll_for(fd, 0) & GONE ? -1 : 0;
			errno = ENODEV;
			break;
		default:
			events = ioctl(fd, DEVIF_IOC_EVENTS, 0);
			ret = events;
			if (events < 0)
				break;
			ret = read(events, &record, sizeof(record));
			close(events);
		}
	}
	if (ret < 0 && errno != ENODEV)
		note(errno);
}

static void *user_thread(void *how)
{
	int fd;

	while (!is_set(&stopping)) {
		fd = open_toaster(number(), O_RDWR);
		if (fd >= 0) {
			use(fd, (unsigned long)how);
			close(fd);
			continue;
		}
		if (errno != ENOENT && errno != ENODEV && errno != ENXIO)
			note(errno);
		usleep(1000);
	}
	return NULL;
}

static void come_and_go_in_use(void)
{
	long long end = now_ms() + 30000;
	pthread_t threads[8];
	unsigned long i;

	require(plug_in(number()) == 0);
	for (i = 0; i < 8; i++)
		require(!pthread_create(&threads[i], NULL, user_thread,
					(void *)i));
	for (i = 0; i < 50 && now_ms() < end; i++) {
		require(pull_out(number()) == 0);
		require(plug_in(number()) == 0);
		usleep(random32() % 5000);
	}
	set(&stopping);
	require(pull_out(number()) == 0);
	for (i = 0; i < 8; i++)
		require(!pthread_join(threads[i], NULL));
	check(!unexpected);
	if (unexpected)
		printf("# unexpected: %s\n", strerror(unexpected));
	check(toasts(new_toaster(O_RDWR)));
}

/*
 * Cases: modules
 */

/* Strings that need quoting in paths and commands */
#define REFERENCES							\
	"a b,a_20b,..,.,%s%n,gr\303\274n,$HOME%k$(id)%%;x;`id`{1}?*[!]|&<>#~," \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define TOASTER_0	"toaster:toaster0"

static void hostile_references(void)
{
	struct dirent *entry;
	unsigned int n = 0;
	char node[300];
	DIR *dir;
	int fd;

	require(load("devif_exporter", "toasters=1 mode=0666 reference=\""
		     REFERENCES "\" target=" TOASTER_0 "," TOASTER_0 ","
		     TOASTER_0 "," TOASTER_0 "," TOASTER_0 "," TOASTER_0 ","
		     TOASTER_0 "," TOASTER_0) == 0);
	dir = opendir(KITCHEN "/toaster0");
	require(dir);
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, "devif", strlen("devif")))
			continue;
		n++;
		snprintf(node, sizeof(node), "/dev/devif/%s", entry->d_name);
		fd = open(node, O_RDWR | O_CLOEXEC);
		check(fd >= 0 && toasts(fd));
		close(fd);
	}
	closedir(dir);
	check(n == 9);
}

static void node_is_for_all(void)
{
	char node[64];
	struct stat st;

	require(find_node(0, node));
	require(stat(node, &st) == 0);
	check((st.st_mode & 07777) == 0666);
	check(toasts(open_as_nobody(node, O_RDWR)));
}

/* The driver's own interface goes with the binding, other modules' stay. */
static void others_stay_closed_when_unbound(void)
{
	char node[64];

	require(unbind_driver(0) == 0);
	require(find_node(0, node));
	check_errno(open(node, O_RDWR), ENODEV);
	check(bind_driver(0) == 0);
	check(toasts(open(node, O_RDWR)));
}

static void reload(void)
{
	check(unload("devif_exporter") == 0);
	check(load("devif_exporter", "toasters=0") == 0);
}

static int send_fd(int socket, int fd)
{
	char c = 0, control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec iov = { .iov_base = &c, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(socket, &message, 0) == 1 ? 0 : -1;
}

static int receive_fd(int socket)
{
	char c, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = &c, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(socket, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Receive a file, whose device has gone meanwhile. */
static long wait_for_fd(int socket)
{
	return is_gone(receive_fd(socket));
}

static void files_outlive_the_exporter(void)
{
	int fd = new_toaster(O_RDWR);
	struct waiter reader = start_and_wait(wait_reading, fd);
	struct waiter poller = start_and_wait(wait_epolling, fd);
	int events = open_events(fd, 0);
	int other = open_toaster(number(), O_RDWR);
	struct waiter receiver;
	int sockets[2];

	/* a file is in flight to another process while the exporter goes */
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
	require(send_fd(sockets[0], other) == 0);
	close(other);
	check(unload("devif_exporter") == 0);
	check(access("/sys/module/devif_exporter", F_OK) == -1);
	check_errno(join(&reader), ENODEV);
	check((join(&poller) & GONE) == GONE);
	check(is_gone(fd));
	check(wait_for_end(events) == 0);
	receiver = start_waiter(wait_for_fd, sockets[1]);
	check(join(&receiver) == 1);
	close(sockets[0]);
	close(sockets[1]);

	/* one file is enough to pin devif */
	close(fd);
	check_errno(unload("devif"), EWOULDBLOCK);
	close(events);
	check(unload("devif") == 0);
}

static const struct test tests[] = {
	{ "G4 hostile reference strings: all are opened", hostile_references, 90 },
	{ "mode=0666: anybody opens it", node_is_for_all, 20 },
	{ "G2 O4 interfaces of others are closed while the driver is unbound",
	  others_stay_closed_when_unbound, 20 },
	{ "the exporter is unloaded and loaded", reload, 90 },
	{ "the node is there from registration to removal", node_is_there, 20 },
	{ "G8 the node is root's", node_is_for_root, 20 },
	{ "G1 O1 a toaster is opened, and toasts", opens_and_toasts, 20 },
	{ "only what it was opened for is allowed", access_is_checked, 20 },
	{ "G2 E7 a disabled interface is not opened", disabled_is_not_opened, 20 },
	{ "G3 O3 an open file outlives disabling", open_file_outlives_disabling,
	  20 },
	{ "G2 the interface of an unbound driver is not opened",
	  unbound_is_not_opened, 20 },
	{ "G10 a node without an interface is not opened", node_without_interface,
	  20 },
	{ "K7 G9 what is open in user space is not ejected", in_use_is_not_ejected,
	  20 },
	{ "K7 an application agrees to the removal", application_agrees, 20 },
	{ "K7 an application refuses", application_refuses, 20 },
	{ "K7 silence is a refusal", application_is_silent, 60 },
	{ "K7 an application that has agreed hears that the device stays",
	  application_hears_that_it_stays, 20 },
	{ "K7 an open file without a voice refuses",
	  application_without_a_voice_refuses, 20 },
	{ "K7 an application closes instead of answering", application_closes, 20 },
	{ "K7 an application that is asked gets no further voice",
	  application_has_one_voice_more, 20 },
	{ "G11 a blocked read ends when the device goes", read_over_unplug, 20 },
	{ "G11 a blocked write ends when the device goes", write_over_unplug, 20 },
	{ "G11 a blocked read ends when the driver is unbound", read_over_unbind,
	  20 },
	{ "G11 poll ends when the device goes", poll_over_unplug, 20 },
	{ "G11 epoll ends when the device goes", epoll_over_unplug, 20 },
	{ "G11 every call fails when the device has gone", calls_after_unplug, 20 },
	{ "dup and fork share a file", dup_and_fork, 20 },
	{ "G11 a thousand files fail when the device has gone", thousand_files,
	  60 },
	{ "G11 many files that are polled cost no more than each costs",
	  many_polled_files, 600 },
	{ "O_NONBLOCK", nonblocking, 20 },
	{ "O_NONBLOCK is set and cleared", nonblocking_later, 20 },
	{ "a signal interrupts a read", signal_interrupts, 20 },
	{ "a blocked reader is killed", killed_reader, 20 },
	{ "short and large reads and writes", short_and_large, 20 },
	{ "bad pointers: EFAULT, and nothing is lost", bad_pointers, 20 },
	{ "readv and writev", vectors, 20 },
	{ "random ioctls: clean errors only", fuzz_ioctl, 60 },
	{ "random writes", fuzz_write, 60 },
	{ "L6 an event is read", event_is_read, 20 },
	{ "L6 an event wakes who reads", event_wakes_reader, 20 },
	{ "event files: unknown flags", event_flags, 20 },
	{ "L6 an event that is too large stays", small_buffer_keeps_event, 20 },
	{ "L4 lost events are counted", lost_events_are_counted, 20 },
	{ "L6 events end with the device", events_end_with_the_device, 20 },
	{ "a toaster comes and goes while it is used", come_and_go_in_use, 90 },
	{ "J13 files outlive the exporter's module, and keep the registry's",
	  files_outlive_the_exporter, 90 },
};

int main(int argc, char **argv)
{
	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : (unsigned int)now_ms();
	seed = seed ?: 1;
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
