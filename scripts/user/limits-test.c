// SPDX-License-Identifier: GPL-2.0
/*
 * Limits on what one user can take from others: event files, images that are kept,
 * time. Run as root in a test guest with devif and its exporter loaded, and toasters
 * that every user may open.
 */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "../../kmod/devif/lib/image.h"
#include "../../kmod/exporter/toaster_ioctl.h"
#include "builder.h"
#include "ktap.h"
#include "toaster.h"

#define CONTROL		"/dev/devif/control"
#define FIRST_USER	1000

/* Limits of event files: per device, per user, and for all users but root */
#define ALL_FILES	256
#define USER_FILES	64
#define UNPRIVILEGED_FILES	192

/* Return the toaster of this case; each case has its own. */
static unsigned int number(void)
{
	return 300 + test_number;
}

/**
 * struct user - a process of an unprivileged user
 * @pid: the process
 * @out: pipe from which to read the result
 * @in: pipe to which a byte is written when the process may exit
 */
struct user {
	pid_t pid;
	int out;
	int in;
};

/* Run @act as a user, in a process that keeps the resources it has got. */
static struct user start_user(uid_t uid, int (*act)(void))
{
	int result[2], wake[2], done;
	struct user user;
	char byte;

	require(pipe(result) == 0 && pipe(wake) == 0);
	user.pid = fork();
	require(user.pid >= 0);
	if (!user.pid) {
		close(wake[1]);
		require(setuid(uid) == 0);
		done = act();
		require(write(result[1], &done, sizeof(done)) == sizeof(done));
		/* wait for the parent's byte, or for its death */
		_exit(read(wake[0], &byte, 1) < 0 || failures);
	}
	close(wake[0]);
	close(result[1]);
	user.out = result[0];
	user.in = wake[1];
	return user;
}

static int result_of(const struct user *user)
{
	int result = -1;

	require(read(user->out, &result, sizeof(result)) == sizeof(result));
	return result;
}

static void end_user(const struct user *user)
{
	int status = -1;

	require(write(user->in, "", 1) == 1);
	close(user->in);
	close(user->out);
	check(waitpid(user->pid, &status, 0) == user->pid && status == 0);
}

/* Return the result of @act for a user, whose process then exits. */
static int result_for(uid_t uid, int (*act)(void))
{
	struct user user = start_user(uid, act);
	int result = result_of(&user);

	end_user(&user);
	return result;
}

/*
 * Cases: event files
 */

/* Open event files until that fails; return their number, or an errno below 0. */
static int take_event_files(void)
{
	int fd = open_toaster(number(), O_RDONLY), count = 0;

	require(fd >= 0);
	while (count <= ALL_FILES && ioctl(fd, DEVIF_IOC_EVENTS, O_CLOEXEC) >= 0)
		count++;
	return errno == EUSERS ? count : -errno;
}

static void let_open_many(void)
{
	const struct rlimit limit = { 4096, 4096 };

	require(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

/* Each user may open some; all users together leave some for root. */
static void event_files_of_users(void)
{
	struct user users[4];
	int i;

	let_open_many();
	require(plug_in(number()) == 0);
	for (i = 0; i < 3; i++) {
		users[i] = start_user(FIRST_USER + i, take_event_files);
		check(result_of(&users[i]) == USER_FILES);
	}
	/* all processes of a user share the limit */
	check(result_for(FIRST_USER, take_event_files) == 0);
	users[3] = start_user(FIRST_USER + 3, take_event_files);
	check(result_of(&users[3]) == 0);
	check(take_event_files() == ALL_FILES - UNPRIVILEGED_FILES);
	/* another device has a limit of its own */
	require(pull_out(number()) == 0 && plug_in(number()) == 0);
	check(result_for(FIRST_USER, take_event_files) == USER_FILES);
	for (i = 0; i < 4; i++)
		end_user(&users[i]);
}

/* Closed event files are available again, however they were closed. */
static void event_files_are_given_back(void)
{
	struct user user;
	int i;

	let_open_many();
	require(plug_in(number()) == 0);
	for (i = 0; i < 3; i++) {
		check(result_for(FIRST_USER + i, take_event_files) == USER_FILES);
		check(result_for(FIRST_USER, take_event_files) == USER_FILES);
		check(result_for(0, take_event_files) == ALL_FILES);
	}
	user = start_user(FIRST_USER, take_event_files);
	check(result_of(&user) == USER_FILES);
	kill(user.pid, SIGKILL);
	waitpid(user.pid, NULL, 0);
	check(result_for(FIRST_USER, take_event_files) == USER_FILES);
}

/* A failed open is not counted. */
static int fail_to_take(void)
{
	const struct rlimit few = { 8, 4096 };
	int fd = open_toaster(number(), O_RDONLY), i;

	require(fd >= 0);
	require(setrlimit(RLIMIT_NOFILE, &few) == 0);
	for (i = 0; i < 2 * ALL_FILES; i++)
		if (ioctl(fd, DEVIF_IOC_EVENTS, O_CLOEXEC) < 0 &&
		    errno != EMFILE)
			return -errno;
	for (i = 0; i < 2 * ALL_FILES; i++)
		check_errno(ioctl(fd, DEVIF_IOC_EVENTS, O_APPEND), EINVAL);
	closefrom(fd + 1);
	let_open_many();
	return take_event_files();
}

static void event_files_that_fail(void)
{
	let_open_many();
	require(plug_in(number()) == 0);
	check(result_for(0, fail_to_take) == ALL_FILES);
}

/*
 * Cases: uevents of events
 */

#define EVENTS		2000
#define MOST_AT_ONCE	16
#define MOST_A_SECOND	10

/* Each slice that pops up posts an event. */
static int post_events(void)
{
	int fd = open_toaster(number(), O_RDWR), i;
	char slice;

	require(fd >= 0);
	for (i = 0; i < EVENTS; i++) {
		require(write(fd, "a", 1) == 1);
		require(ioctl(fd, TOASTER_POP) >= 0);
		require(read(fd, &slice, 1) == 1);
	}
	return i;
}

static int open_uevents(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);
	int size = 16 << 20;

	require(fd >= 0);
	require(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
			   sizeof(size)) == 0);
	require(bind(fd, (void *)&address, sizeof(address)) == 0);
	return fd;
}

/* Wait for the uevent of an event; return how many were lost before it. */
static unsigned int await_event_uevent(int fd)
{
	char text[8192];
	ssize_t n;

	for (;;) {
		const char *lost = NULL, *s;
		bool event = false;

		n = recv(fd, text, sizeof(text) - 1, 0);
		require(n > 0);
		text[n] = 0;
		for (s = text; s < text + n; s += strlen(s) + 1) {
			if (!strcmp(s, "DEVIF_EVENT=device"))
				event = true;
			if (!strncmp(s, "DEVIF_EVENT_LOST=", 17))
				lost = s + 17;
		}
		if (event && lost)
			return strtoul(lost, NULL, 10);
	}
}

/* A flood of events: uevents tell the last ones slowly, and count the lost ones. */
static void flood_of_events(void)
{
	unsigned int told = 0, lost = 0;
	int fd = open_uevents();
	struct user user;
	long long begin;

	require(plug_in(number()) == 0);
	begin = now_ms();
	user = start_user(FIRST_USER, post_events);
	while (told + lost < EVENTS) {
		lost += await_event_uevent(fd);
		told++;
	}
	printf("# %u events: %u told, %u lost, in %lld ms\n", EVENTS, told,
	       lost, now_ms() - begin);
	check(told + lost == EVENTS);
	check(lost > 0);
	/* jiffies are rounded */
	check(told <= MOST_AT_ONCE + 1 +
		      MOST_A_SECOND * (now_ms() + 20 - begin) / 1000);
	check(result_of(&user) == EVENTS);
	end_user(&user);
	/* a pending uevent goes with its device */
	check(result_for(FIRST_USER, post_events) == EVENTS);
	check(pull_out(number()) == 0);
}

/*
 * Cases: images
 */

#define CLASSES		"/sys/class/devif_class/"
#define RESTORED	3000

static struct devif_image read_image(void)
{
	int fd = open(CONTROL, O_RDONLY | O_CLOEXEC);
	size_t size = 0, room = 16 << 20;
	struct devif_image image;
	u8 *data = malloc(room);
	ssize_t n;

	require(fd >= 0 && data);
	while ((n = read(fd, data + size, room - size)) > 0)
		size += n;
	require(n == 0);
	close(fd);
	require(devif_image_open(&image, data, size) == 0);
	return image;
}

/* Return the number of records for devices of this name. */
static unsigned int count_records(struct devif_image image, const char *device)
{
	struct devif_entry entry;
	unsigned int count = 0;

	while (devif_image_next(&image, &entry))
		count += !strncmp(entry.device, device, strlen(device));
	return count;
}

static int restore(struct builder *builder)
{
	int fd = open(CONTROL, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	require(fd >= 0);
	builder_seal(builder);
	n = write(fd, builder->data, builder->size);
	close(fd);
	return n == (ssize_t)builder->size ? 0 : -1;
}

static void class_of_record(u8 guid[16], unsigned int i)
{
	memset(guid, 0x5a, 16);
	guid[14] = i >> 8;
	guid[15] = i;
}

static bool class_is_there(unsigned int i)
{
	char path[96];

	snprintf(path, sizeof(path),
		 CLASSES "5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a%04x", i);
	return access(path, F_OK) == 0;
}

/* Return an image whose records have a class each, which takes long. */
static struct builder slow_image(void)
{
	struct builder builder = {};
	unsigned int i;
	char device[32];
	u8 guid[16];

	builder_begin(&builder);
	for (i = 0; i < RESTORED; i++) {
		class_of_record(guid, i);
		snprintf(device, sizeof(device), "bus#killed#%u", i);
		builder_entry(&builder, guid, device, NULL);
	}
	return builder;
}

/* A restoring process that is killed ends at once, and has restored nothing. */
static void restoring_is_killed(void)
{
	struct builder builder = slow_image();
	struct devif_image image;
	int status = 0, fd, i;
	pid_t pid = fork();

	require(pid >= 0);
	if (!pid)
		_exit(restore(&builder));
	while (!class_is_there(10))
		usleep(1000);
	kill(pid, SIGKILL);
	check(waitpid(pid, &status, 0) == pid);
	check(WIFSIGNALED(status));
	check(!class_is_there(RESTORED - 1));
	image = read_image();
	check(count_records(image, "bus#killed#") == 0);
	/* the classes that it has made go by themselves */
	for (i = 0; i < RESTORED; i++)
		while (class_is_there(i))
			usleep(10000);

	builder_begin(&builder);
	builder_entry(&builder, (u8 *)"sixteen bytes: 1", "bus#after#1", NULL);
	check(restore(&builder) == 0);
	image = read_image();
	check(count_records(image, "bus#after#") == 1);
	/* the registry can be unloaded while the rollback runs */
	builder = slow_image();
	pid = fork();
	require(pid >= 0);
	if (!pid)
		_exit(restore(&builder));
	while (!class_is_there(10))
		usleep(1000);
	kill(pid, SIGKILL);
	check(waitpid(pid, &status, 0) == pid);
	check(unload("devif_exporter") == 0);
	check(unload("devif") == 0);
	check(load("devif", "") == 0);
	fd = open("/sys/class/devif_class", O_RDONLY);
	check(fd >= 0);
	for (i = 0; i < RESTORED; i++)
		check(!class_is_there(i));
	check(load("devif_exporter", "toasters=0 mode=0666") == 0);
}

/* Restore records for an image of some megabytes. */
static void restore_large(void)
{
	static const u8 value[DEVIF_PROPERTY_VALUE_SIZE];
	struct builder builder = {};
	char text[32];
	int i, k;

	builder_begin(&builder);
	for (i = 0; i < 24; i++) {
		snprintf(text, sizeof(text), "bus#large#%d", i);
		builder_entry(&builder, (u8 *)"sixteen bytes: 2", text, NULL);
		for (k = 0; k < DEVIF_PROPERTIES; k++) {
			snprintf(text, sizeof(text), "k%d", k);
			builder_property(&builder, text, DEVIF_PROPERTY_BYTES,
					 value, sizeof(value));
		}
	}
	require(restore(&builder) == 0);
	printf("# an image has %zu bytes\n", builder.size);
	free(builder.data);
}

/* Keep images until that fails; return their number, or an errno below 0. */
static int keep_images(void)
{
	int fd, count;
	char byte;

	for (count = 0; count < 20; count++) {
		fd = open(CONTROL, O_RDONLY | O_CLOEXEC);
		require(fd >= 0);
		if (read(fd, &byte, 1) != 1)
			return errno == EUSERS ? count : -errno;
	}
	return count;
}

static void images_of_users(void)
{
	struct user user;
	int most, i;

	restore_large();
	user = start_user(FIRST_USER, keep_images);
	most = result_of(&user);
	check(most > 5 && most < 11);
	/* this user may keep no more, other users as many */
	check(result_for(FIRST_USER, keep_images) == 0);
	for (i = 1; i < 4; i++)
		check(result_for(FIRST_USER + i, keep_images) == most);
	check(result_for(0, keep_images) == 20);
	end_user(&user);
	check(result_for(FIRST_USER, keep_images) == most);
}

#define MANY	20000

static void restore_many(void)
{
	struct builder builder = {};
	char device[32];
	int i;

	builder_begin(&builder);
	for (i = 0; i < MANY; i++) {
		snprintf(device, sizeof(device), "bus#many#%u", i);
		builder_entry(&builder, (u8 *)"sixteen bytes: 3", device, NULL);
	}
	require(restore(&builder) == 0);
	free(builder.data);
}

/* Change the registry continuously. */
static void keep_changing(void)
{
	static const char class[] = "5a5a5a5a-0000-0000-0000-5a5a5a5a5a5a";
	struct devif_property_request request = {
		.name = (unsigned long)class,
		.key = (unsigned long)"a",
		.size = 4,
		.type = DEVIF_PROPERTY_U32,
	};
	int fd = open(CONTROL, O_RDWR);
	u32 value = 0;

	request.value = (unsigned long)&value;
	for (;;) {
		value++;
		if (ioctl(fd, DEVIF_IOC_SET_PROPERTY, &request))
			_exit(1);
	}
}

static int read_one(void)
{
	int fd = open(CONTROL, O_RDONLY | O_CLOEXEC);
	char byte;

	return read(fd, &byte, 1) == 1 ? 0 : errno;
}

/* An image takes long; a reader does not keep writers from changing the registry. */
static void images_hold_nobody_up(void)
{
	struct devif_image image;
	pid_t pid;
	int i;

	restore_many();
	check(result_for(FIRST_USER, read_one) == 0);
	pid = fork();
	require(pid >= 0);
	if (!pid)
		keep_changing();
	check(result_for(FIRST_USER, read_one) == EBUSY);
	/* a reader still gets a valid image during the changes */
	for (i = 0; i < 3; i++) {
		image = read_image();
		check(count_records(image, "bus#many#") == MANY);
		free((void *)image.data);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	check(result_for(FIRST_USER, read_one) == 0);
}

/*
 * Cases: access
 */

/* A write-only descriptor allows no request that returns data. */
static void writing_is_not_reading(void)
{
	struct devif_property_request request = {
		.name = (unsigned long)"bus#test#nothing",
		.key = (unsigned long)"nothing",
	};
	int fd;

	require(plug_in(number()) == 0);
	fd = open_toaster(number(), O_WRONLY);
	require(fd >= 0);
	check_errno(ioctl(fd, DEVIF_IOC_EVENTS, 0), EBADF);
	fd = open_toaster(number(), O_RDONLY);
	check(ioctl(fd, DEVIF_IOC_EVENTS, 0) >= 0);
	fd = open(CONTROL, O_WRONLY);
	check_errno(ioctl(fd, DEVIF_IOC_GET_PROPERTY, &request), EBADF);
	fd = open(CONTROL, O_RDONLY);
	check_errno(ioctl(fd, DEVIF_IOC_GET_PROPERTY, &request), ENOENT);
}

static const struct test tests[] = {
	{ "event files of one user leave some for others, and for root",
	  event_files_of_users, 60 },
	{ "event files are given back", event_files_are_given_back, 60 },
	{ "event files that cannot be opened do not count",
	  event_files_that_fail, 60 },
	{ "L6 a flood of events is a few uevents", flood_of_events, 120 },
	{ "images that are kept by users", images_of_users, 300 },
	{ "reading images does not hold the registry up", images_hold_nobody_up,
	  300 },
	{ "restoring can be killed", restoring_is_killed, 300 },
	{ "who may only write gets nothing to read", writing_is_not_reading,
	  60 },
};

int main(void)
{
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
