// SPDX-License-Identifier: GPL-2.0
/*
 * read-all STOP - read every file that shows the registry, over and over, until the
 * file STOP exists. Content of a known format is checked: a freed name does not pass.
 * The last line counts the rounds and the bad lines; the status is 1 if a line was
 * bad.
 */
#include <ctype.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEBUG	"/sys/kernel/debug/devif/"

static unsigned long bad;
static char text[1 << 20];

/* Only a subscription has a class, whose GUID has so many dashes, in this column. */
static bool is_class(const char *word)
{
	return strlen(word) == 36 && word[8] == '-' && word[13] == '-' &&
	       word[18] == '-' && word[23] == '-' &&
	       strspn(word, "0123456789abcdef-") == 36;
}

static bool is_interface(const char *word)
{
	if (!strcmp(word, "-") || is_class(word))
		return true;
	if (strncmp(word, "devif", 5) || !isdigit((unsigned char)word[5]))
		return false;
	for (word += 5; *word; word++)
		if (!isdigit((unsigned char)*word))
			return false;
	return true;
}

/* Check that this column of each line but the first has an interface or a class. */
static void check_column(const char *path, int column)
{
	char *rest = text, *line = strsep(&rest, "\n"), *word;
	int i;

	while ((line = strsep(&rest, "\n")) && *line) {
		for (i = 0; (word = strsep(&line, " ")); )
			if (*word && i++ == column)
				break;
		if (word && is_interface(word))
			continue;
		printf("# %s: column %d is \"%s\"\n", path, column,
		       word ?: "missing");
		bad++;
	}
}

/* Read a file, which may disappear at any time: an error is no fault. */
static void read_one(const char *path)
{
	ssize_t size = 0, n;
	struct stat st;
	int fd;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & 0444))
		return;
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return;
	while ((n = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
		size += n;
	close(fd);
	text[size] = '\0';
	if (!strcmp(path, DEBUG "holders"))
		check_column(path, 6);
	else if (!strcmp(path, DEBUG "users"))
		check_column(path, 0);
}

static void read_image(void)
{
	int fd = open("/dev/devif/control", O_RDONLY);

	if (fd < 0)
		return;
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

static void read_all(const char *pattern)
{
	glob_t found;
	size_t i;

	if (glob(pattern, 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		read_one(found.gl_pathv[i]);
	globfree(&found);
}

int main(int argc, char **argv)
{
	static const char * const patterns[] = {
		DEBUG "*",
		"/sys/bus/devif/devices/*/*",
		"/sys/class/devif_class/*/*",
		"/sys/class/devif_class/*/*/*/*",
		"/sys/devices/devif-importer/*",
		"/sys/devices/devif-importer/*/*",
		"/sys/devices/devif-importer/*/*/*",
	};
	unsigned long rounds = 0;
	size_t i;

	if (argc != 2)
		return 2;
	do {
		for (i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
			/* read files shown under RCU more often */
			read_all(patterns[0]);
			read_all(patterns[i]);
		}
		read_image();
		rounds++;
	} while (access(argv[1], F_OK));
	printf("# %lu rounds, %lu bad lines\n", rounds, bad);
	return bad != 0;
}
