// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl without a kernel: files, text and values. Each case runs in a directory of
 * its own, with a regular file as the control node.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "../../../scripts/user/ktap.h"
#include "../devifctl.h"
#include "../escape.h"
#include "../graph.h"
#include "../guid.h"
#include "../holders.h"
#include "../json.h"
#include "../known.h"
#include "../place.h"
#include "../properties.h"
#include "../registry.h"
#include "../save.h"
#include "../subject.h"
#include "../value.h"

#define TOASTER	"781ef630-72b2-11d2-b852-00c04fad5171"
#define DEVICE	"bus#toaster#toaster0"
#define NAME	DEVICE "#{" TOASTER "}"

const struct paths paths = {
	.interfaces = "interfaces",
	.classes = "classes",
	.control = "control",
	.sysfs = "sys",
	.holders = "holders",
	.users = "users",
	.known_classes = "classes.tsv",
	.saved = "registry",
};

static void enter_directory(void)
{
	char name[] = "case-XXXXXX";

	require(mkdtemp(name) && !chdir(name));
	/* redirect messages to a file, for has_said() */
	require(freopen("said", "w+", stderr));
}

static bool has_said(const char *text)
{
	char *said = xzalloc(65536);
	bool result;
	FILE *file;

	fflush(stderr);
	file = fopen("said", "r");
	result = file && fread(said, 1, 65535, file) && strstr(said, text);
	if (file)
		fclose(file);
	free(said);
	return result;
}

static void write_file(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(name, "w");

	require(file);
	require(fwrite(data, 1, size, file) == size);
	require(!fclose(file));
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text));
}

static bool has_content(const char *name, const void *data, size_t size)
{
	int fd = open(name, O_RDONLY);
	struct registry content;
	bool same;

	if (fd < 0)
		return false;
	require(!registry_load(&content, fd));
	close(fd);
	same = content.size == size && !memcmp(content.data, data, size);
	registry_free(&content);
	return same;
}

/*
 * Images
 */

/* An image with a class, and a record with a reference string and a property */
struct sample {
	struct devif_image_header header;
	struct devif_image_entry class;
	struct devif_image_entry record;
	char strings[32];
	struct devif_image_property property;
	char key_and_value[16];
};

static void seal(struct sample *sample)
{
	sample->header.checksum = htole32(devif_image_checksum(sample,
							       sizeof(*sample)));
}

static void make_sample(struct sample *sample, unsigned int generation)
{
	*sample = (struct sample) {
		.header = {
			.magic = DEVIF_IMAGE_MAGIC,
			.version = htole32(DEVIF_IMAGE_VERSION),
			.size = htole64(sizeof(*sample)),
			.generation = htole64(generation),
			.entries = htole32(2),
		},
		.class = {
			.size = htole32(sizeof(sample->class)),
			.type = htole16(DEVIF_IMAGE_CLASS),
		},
		.record = {
			.size = htole32(sizeof(*sample) -
					offsetof(struct sample, record)),
			.type = htole16(DEVIF_IMAGE_RECORD),
			.device_size = htole16(sizeof(DEVICE)),
			.reference_size = htole16(sizeof("a b")),
			.properties = htole32(1),
		},
		.strings = DEVICE "\0a b",
		.property = {
			.size = htole32(sizeof(sample->property) +
					sizeof(sample->key_and_value)),
			.type = htole16(DEVIF_PROPERTY_U32),
			.key_size = htole16(sizeof("slots")),
			.value_size = htole32(4),
		},
		.key_and_value = "slots\0\x02\0\0\0",
	};
	require(guid_parse(TOASTER, sample->class.guid));
	require(guid_parse(TOASTER, sample->record.guid));
	seal(sample);
}

static void write_sample(const char *name, unsigned int generation)
{
	struct sample sample;

	make_sample(&sample, generation);
	write_file(name, &sample, sizeof(sample));
}

/* Make the same image with another life. */
static void make_other(struct sample *sample, unsigned int generation,
		       unsigned int flags)
{
	make_sample(sample, generation);
	memset(sample->header.life, 'o', sizeof(sample->header.life));
	sample->header.flags = htole32(flags);
	seal(sample);
}

static void write_other(const char *name, unsigned int generation)
{
	struct sample sample;

	make_other(&sample, generation, 0);
	write_file(name, &sample, sizeof(sample));
}

static bool is_other(const char *name, unsigned int generation,
		     unsigned int flags)
{
	struct sample sample;

	make_other(&sample, generation, flags);
	return has_content(name, &sample, sizeof(sample));
}

/* Make the same image with a life that continues the other one. */
static void make_heir(struct sample *sample, unsigned int generation,
		      unsigned int parent_generation)
{
	make_sample(sample, generation);
	memset(sample->header.life, 'h', sizeof(sample->header.life));
	memset(sample->header.parent, 'o', sizeof(sample->header.parent));
	sample->header.parent_generation = htole64(parent_generation);
	seal(sample);
}

static void write_heir(const char *name, unsigned int generation,
		       unsigned int parent_generation)
{
	struct sample sample;

	make_heir(&sample, generation, parent_generation);
	write_file(name, &sample, sizeof(sample));
}

static bool is_heir(const char *name, unsigned int generation,
		    unsigned int parent_generation)
{
	struct sample sample;

	make_heir(&sample, generation, parent_generation);
	return has_content(name, &sample, sizeof(sample));
}

static bool is_sample(const char *name, unsigned int generation)
{
	struct sample sample;

	make_sample(&sample, generation);
	return has_content(name, &sample, sizeof(sample));
}

static int files_in(const char *directory)
{
	char *command = xasprintf("exit $(ls -A '%s' | wc -l)", directory);
	int status = system(command);

	free(command);
	return WEXITSTATUS(status);
}

/*
 * Text and values
 */

static void guids(void)
{
	unsigned char bytes[GUID_BYTES];
	char text[GUID_TEXT];

	check(guid_parse("{781EF630-72B2-11d2-B852-00C04FAD5171}", bytes));
	check(!memcmp(bytes, "\x30\xf6\x1e\x78\xb2\x72\xd2\x11"
		      "\xb8\x52\x00\xc0\x4f\xad\x51\x71", GUID_BYTES));
	guid_format(text, bytes);
	check(!strcmp(text, TOASTER));
	check(!guid_parse("", bytes));
	check(!guid_parse("{" TOASTER, bytes));
	check(!guid_parse(TOASTER "0", bytes));
	check(!guid_parse("781ef630x72b2-11d2-b852-00c04fad5171", bytes));
	check(!guid_parse("781ef630-72b2-11d2-b852-00c04fad517g", bytes));
}

static bool value_is(const char *given, const char *wanted)
{
	struct value value;
	char *text;
	bool same;

	if (value_parse(&value, "key", given))
		return false;
	text = value_text(&value.property);
	same = !strcmp(text, wanted);
	free(text);
	return same;
}

static void values(void)
{
	check(value_is("bool:true", "true"));
	check(value_is("bool:0", "false"));
	check(value_is("u32:4294967295", "4294967295"));
	check(value_is("u32:0x10", "16"));
	check(value_is("u32:010", "10"));
	check(value_is("u64:0009", "9"));
	check(value_is("u64:0Xff", "255"));
	check(value_is("u64:18446744073709551615", "18446744073709551615"));
	check(value_is("string:", ""));
	check(value_is("string:u32:5", "u32:5"));
	check(value_is("string:gr\xc3\xbcn", "gr\xc3\xbcn"));
	check(value_is("guid:{" TOASTER "}", TOASTER));
	check(value_is("bytes:", ""));
	check(value_is("bytes:00fFa0", "00ffa0"));
}

static bool is_refused(const char *key, const char *text)
{
	struct value value;

	return value_parse(&value, key, text) == EXIT_USAGE;
}

static void wrong_values(void)
{
	char *large = xzalloc(3 * DEVIF_PROPERTY_VALUE_SIZE);

	enter_directory();
	check(is_refused("key", "5"));
	check(is_refused("key", "u16:5"));
	check(is_refused("key", "bool:yes"));
	check(is_refused("key", "u32:4294967296"));
	check(is_refused("key", "u32:-1"));
	check(is_refused("key", "u32: 1"));
	check(is_refused("key", "u32:1x"));
	check(is_refused("key", "u32:0x"));
	check(is_refused("key", "u32:0x-1"));
	check(is_refused("key", "u32:ff"));
	check(is_refused("key", "u32:"));
	check(is_refused("key", "u64:18446744073709551616"));
	check(is_refused("key", "guid:toaster"));
	check(is_refused("key", "bytes:0"));
	check(is_refused("key", "bytes:0g"));
	check(is_refused("key", "string:\x1b[31m"));
	check(is_refused("key", "string:\xff"));
	check(is_refused("", "u32:1"));
	check(is_refused("a key", "u32:1"));
	memcpy(large, "string:", 7);
	memset(large + 7, 'x', DEVIF_PROPERTY_VALUE_SIZE);
	check(is_refused("key", large));
	large[6 + DEVIF_PROPERTY_VALUE_SIZE] = '\0';
	check(!is_refused("key", large));
	memcpy(large, "bytes:", 6);
	memset(large + 6, '0', 2 * DEVIF_PROPERTY_VALUE_SIZE + 2);
	check(is_refused("key", large));
	memset(large, 'k', DEVIF_PROPERTY_KEY_SIZE);
	large[DEVIF_PROPERTY_KEY_SIZE] = '\0';
	check(is_refused(large, "u32:1"));
	free(large);
}

static bool shown_as(void (*put)(FILE *file, const char *text),
		     const char *text, const char *wanted)
{
	char *shown;
	size_t size;
	FILE *file = open_memstream(&shown, &size);
	bool same;

	require(file);
	put(file, text);
	fclose(file);
	same = !strcmp(shown, wanted);
	if (!same)
		printf("# %s\n", shown);
	free(shown);
	return same;
}

static void hostile_text(void)
{
	check(shown_as(put_escaped, "gr\xc3\xbcn \"\\", "gr\xc3\xbcn \"\\"));
	check(shown_as(put_escaped, "\x1b[31m\n\x7f", "\\x1b[31m\\x0a\\x7f"));
	check(shown_as(put_escaped, "\xc2\x9b", "\\xc2\\x9b"));
	check(shown_as(put_escaped, "a\xe2\x80\xae-\xe2\x81\xa6",
		       "a\\xe2\\x80\\xae-\\xe2\\x81\\xa6"));
	check(shown_as(put_escaped, "\xff\xe2\x80", "\\xff\\xe2\\x80"));
	check(shown_as(put_json_string, "\"\\\n\x1f\xc3\xbc",
		       "\"\\\"\\\\\\u000a\\u001f\xc3\xbc\""));
	check(shown_as(put_json_string, "\xc2\x85\xe2\x80\xa8",
		       "\"\\u0085\\u2028\""));
	check(shown_as(put_json_string, "\xff\xe2", "\"\\ufffd\\ufffd\""));
	check(shown_as(put_dot_string, "\"]; \\N&lt;\n",
		       "\\\"]; \\\\N&amp;lt;\\\\x0a"));
}

/* U+016B has a byte that is CSI to an eight-bit terminal, U+1F35E two words of UTF-16. */
static void text_in_a_locale_without_it(void)
{
	require(setlocale(LC_CTYPE, "C"));
	check(shown_as(put_escaped, "gr\xc3\xbcn", "gr\\xc3\\xbcn"));
	check(shown_as(put_escaped, "\xc5\x9b[31m", "\\xc5\\x9b[31m"));
	check(shown_as(put_json_string, "\xc3\xbc\xe2\x82\xac\xf0\x9f\x8d\x9e\"",
		       "\"\\u00fc\\u20ac\\ud83c\\udf5e\\\"\""));
	check(shown_as(put_json_string, "\xff\n", "\"\\ufffd\\u000a\""));
	check(shown_as(put_dot_string, "\xc3\xbc", "\\\\xc3\\\\xbc"));
	check(shown_width("a") == 1);
}

static void names_of_classes(void)
{
	const struct known_class *classes;

	enter_directory();
	write_text("classes.tsv", "# comment\n\nno guid\tx\ty\n"
		   TOASTER "\n"
		   "{781EF630-72B2-11d2-B852-00C04FAD5171}\ttoaster\tBread\n"
		   "53f56307-b6bf-11d0-94f2-00a0c91efb8b\tdisk");
	require(known_classes(&classes) == 2);
	check(!strcmp(class_name(TOASTER), "toaster"));
	check(!strcmp(class_guid("Toaster"), TOASTER));
	check(!strcmp(known_class(TOASTER)->description, "Bread"));
	check(!strcmp(classes[1].description, ""));
	check(!class_guid("no guid"));
	check(!strcmp(class_name("unknown"), "unknown"));
	known_classes_free();
}

/* In the installed file each line is valid, and no name or GUID occurs twice. */
static void shipped_classes(void)
{
	const struct known_class *classes;
	size_t i, count;

	enter_directory();
	write_text("classes.tsv", "");
	require(!unlink("classes.tsv"));
	require(!symlink(CLASSES, "classes.tsv"));
	count = known_classes(&classes);
	check(count == CLASSES_LINES);
	for (i = 0; i < count; i++) {
		check(known_class(classes[i].guid) == &classes[i]);
		check(class_guid(classes[i].name) == classes[i].guid);
		check(*classes[i].description);
	}
	known_classes_free();
}

static void lists_of_holders(void)
{
	struct holders holders;

	enter_directory();
	check(holders_read(&holders) == ENOENT);
	write_text("holders",
		   "GUID  VERSION  KIND  EXPORT  INTERFACE  NEW  DEVICE  HOLDER\n"
		   TOASTER "   2  pinned     ended   -       x  " DEVICE
		   "  an importer  (devif_importer)\n"
		   TOASTER "   1  revocable  open    devif3  x  " DEVICE
		   "  devif\n"
		   "cut off\n");
	write_text("users", "INTERFACE  KIND: HOLDER\n"
		   "devif3     target: an importer: (devif_importer)\n");
	require(!holders_read(&holders));
	require(holders.count == 3);
	check(!strcmp(holders.list[0].guid, TOASTER));
	check(!strcmp(holders.list[0].version, "2"));
	check(!strcmp(holders.list[0].kind, "pinned"));
	check(!strcmp(holders.list[0].export, "ended"));
	check(!strcmp(holders.list[0].interface, "-"));
	check(!strcmp(holders.list[0].device, DEVICE));
	check(!strcmp(holders.list[0].holder, "an importer  (devif_importer)"));
	check(!strcmp(holders.list[1].holder, ""));
	check(!strcmp(holders.list[2].interface, "devif3"));
	check(!strcmp(holders.list[2].kind, "target"));
	check(!strcmp(holders.list[2].guid, ""));
	check(!strcmp(holders.list[2].holder, "an importer: (devif_importer)"));
	holders_free(&holders);
}

static void names_of_records(void)
{
	struct properties properties;
	struct interfaces interfaces = {};
	struct devif_value value;

	enter_directory();
	write_sample("control", 1);
	require(!registry_add_absent(&interfaces));
	require(interfaces.count == 1);
	check(!strcmp(interfaces.list[0].link, NAME "#a%20b"));
	check(!strcmp(interfaces.list[0].reference, "a b"));
	check(!strcmp(interface_state(&interfaces.list[0]), "absent"));
	interfaces_free(&interfaces);
	require(!properties_read(&properties, NAME "#a%20b"));
	require(devif_image_next_property(&properties.first, &value));
	check(!strcmp(value.key, "slots"));
	check(!devif_image_next_property(&properties.first, &value));
	properties_free(&properties);
	require(!properties_read(&properties, TOASTER));
	check(!devif_image_next_property(&properties.first, &value));
	properties_free(&properties);
}

/* A present device without a driver makes an interface unregistered, not absent. */
static void unregistered_is_not_absent(void)
{
	struct interfaces interfaces = {};

	enter_directory();
	write_sample("control", 1);
	require(!system("mkdir -p sys/bus/toaster/devices/toaster0"));
	require(!registry_add_absent(&interfaces));
	check(!strcmp(interface_state(&interfaces.list[0]), "unregistered"));
	interfaces_free(&interfaces);
}

/* Make the directory of a device, and that of its bus or class. */
static void make_device(const char *path, const char *subsystem)
{
	char *command = xasprintf("cd sys && mkdir -p %s %s && ln -s \"$PWD/%s\" %s/subsystem",
				  path, subsystem, subsystem, path);

	require(!system(command));
	free(command);
}

#define CARD	"devices/pci0/0000:00:03.0"

static void make_devices(void)
{
	require(!mkdir("sys", 0755));
	make_device(CARD, "bus/pci");
	require(!system("mkdir sys/bus/pci/devices"));
	require(!system("ln -s ../../../" CARD " sys/bus/pci/devices"));
	make_device(CARD "/net/lan0", "class/net");
	make_device(CARD "/net/eth1", "class/net");
	make_device(CARD "/virtio9", "bus/virtio");
	make_device(CARD "/virtio10", "bus/virtio");
	make_device(CARD "/virtio10/block/vda", "class/block");
	make_device(CARD "/virtio10/block/vda/vda2", "class/block");
	make_device("devices/virtual/net/br0", "class/net");
	require(!system("ln -s ../../devices/virtual/net/br0 sys/class/net"));
}

/* A device of a class is found by its place, whatever its name is. */
static void devices_by_their_place(void)
{
	static const char * const there[] = {
		"bus#pci#0000:00:03.0", "class#net#br0",
		"bus#pci#0000:00:03.0#net#0", "bus#pci#0000:00:03.0#net#1",
		"bus#pci#0000:00:03.0#virtio#1#block#0",
		"bus#pci#0000:00:03.0#virtio#1#block#0#block#=2",
		"dev##%2fdevices%2fpci0", "dev##%2fdevices%2fpci0#pci#0",
	};
	static const char * const absent[] = {
		"bus#pci#0000:00:04.0", "bus#pci#0000:00:04.0#net#0",
		"class#net#br0#1", "class#net#br0#1#net#0", "class#net#eth1",
		"bus#pci#0000:00:03.0#net#2", "bus#pci#0000:00:03.0#tty#0",
		"bus#pci#0000:00:03.0#virtio#0#block#0",
		"bus#pci#0000:00:03.0#virtio#2",
		"bus#pci#0000:00:03.0#virtio#1#block#0#block#=1",
		"bus#pci#0000:00:03.0#virtio#1#block#0#block#0",
		"bus#pci#0000:00:03.0#virtio#1#block#0#block#=2#1",
	};
	unsigned int i;

	enter_directory();
	make_devices();
	for (i = 0; i < ARRAY_SIZE(there); i++)
		check(place_is_there(there[i]));
	for (i = 0; i < ARRAY_SIZE(absent); i++)
		check(!place_is_there(absent[i]));
}

static void node_by_a_property(void)
{
	struct interface list[3] = {
		{ .link = "bus#z#z#{" TOASTER "}" },
		{ .link = NAME "#a%20b" },
		{ .link = NAME },
	};
	struct interfaces interfaces = { list, 3 };
	struct sample sample;

	enter_directory();
	make_sample(&sample, 1);
	sample.property.type = htole16(DEVIF_PROPERTY_STRING);
	sample.property.key_size = htole16(sizeof("node"));
	sample.property.value_size = htole32(sizeof("/dev/vda"));
	memset(sample.key_and_value, 0, sizeof(sample.key_and_value));
	memcpy(sample.key_and_value, "node\0/dev/vda", sizeof("node\0/dev/vda"));
	seal(&sample);
	write_file("control", &sample, sizeof(sample));
	require(!registry_add_nodes(&interfaces));
	check(list[1].node && !strcmp(list[1].node, "/dev/vda"));
	check(!list[0].node && !list[2].node);
	free(list[1].node);
	/* an interface's own node comes first */
	list[1].node = xstrdup("/dev/devif/devif1");
	require(!registry_add_nodes(&interfaces));
	check(!strcmp(list[1].node, "/dev/devif/devif1"));
	free(list[1].node);
}

/* Count removals, in the place of the kernel. */
static unsigned int removed;

int ioctl(int fd, unsigned long request, ...)
{
	const struct devif_remove_request *argument;
	va_list args;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	(void)fd;
	if (request != DEVIF_IOC_REMOVE ||
	    argument->flags != DEVIF_REMOVE_ABSENT ||
	    strcmp((const char *)(uintptr_t)argument->name, NAME "#a%20b")) {
		errno = ENOTTY;
		return -1;
	}
	removed++;
	return 0;
}

/* Return the number of removals of a record last seen at @seen, or minus the exit code. */
static int removed_since(char *since, unsigned long long seen)
{
	const struct options options = {
		.given = OPT_ABSENT_SINCE | OPT_QUIET, .absent_since = since,
	};
	char *none = NULL;
	struct sample sample;
	int ret;

	make_sample(&sample, 1);
	sample.record.seen = htole64(seen);
	seal(&sample);
	write_file("control", &sample, sizeof(sample));
	removed = 0;
	ret = command_remove(&options, &none);
	return ret ? -ret : (int)removed;
}

static void remove_what_is_long_absent(void)
{
	static char * const wrong[] = {
		"", "d", "90", "90x", "-1d", "90dd", "2026-13-01", "yesterday",
		"2026-01-01x", "999999999999999999999s", "99999999999d",
	};
	const unsigned long long now = time(NULL);
	size_t i;

	enter_directory();
	require(!mkdir("interfaces", 0755));
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		if (!check(removed_since(wrong[i], 1) == -EXIT_USAGE))
			printf("# %s\n", wrong[i]);
	check(removed_since("90d", now - 91 * 86400) == 1);
	check(removed_since("90d", now - 89 * 86400) == 0);
	check(removed_since("2w", now - 15 * 86400) == 1);
	check(removed_since("2w", now - 13 * 86400) == 0);
	check(removed_since("2026-01-01", 1700000000) == 1);
	check(removed_since("2026-01-01", 1800000000) == 0);
	/* the record's age is unknown, or its device is present */
	check(removed_since("1s", 0) == 0);
	require(!system("mkdir -p sys/bus/toaster/devices/toaster0"));
	check(removed_since("90d", 1) == 0);
}

/*
 * Graphs
 */

#define MANY	100000

/* Make devices with an interface each, which a separate driver holds. */
static void make_many(struct interfaces *interfaces, struct holders *holders)
{
	int i;

	for (i = 0; i < MANY; i++) {
		const struct interface interface = {
			.name = xasprintf("devif%d", i),
			.class = xstrdup(TOASTER),
			.link = xasprintf("bus#a#%d#{" TOASTER "}", i),
			.device = xasprintf("%d", i),
			.device_path = xasprintf("/sys/devices/%d", i),
			.driver = xasprintf("driver%d", i),
			.present = true,
		};
		char *line = xasprintf("bus#a#%d holder%d (module)", i, i);

		interfaces_add(interfaces, &interface);
		holders->list = xgrow(holders->list, holders->count,
				      sizeof(*holders->list));
		holders->list[i] = (struct holder) {
			.line = line, .guid = TOASTER, .version = "1",
			.kind = "pinned", .export = "open", .interface = "-",
			.device = strsep(&line, " "), .holder = line,
		};
		holders->count++;
	}
}

/* Limit the processor time: a quadratic graph takes minutes. */
static void graph_of_many(void)
{
	struct interfaces interfaces = {};
	struct holders holders = {};
	FILE *terminal = stdout;

	enter_directory();
	make_many(&interfaces, &holders);
	stdout = fopen("graph", "w");
	require(stdout);
	require(!setrlimit(RLIMIT_CPU, &(struct rlimit) { 30, 30 }));
	graph_print(&interfaces, &holders);
	fclose(stdout);
	stdout = terminal;
	check(!system("grep -c -- '->' graph | grep -qx 300000"));
	check(!system("grep -qF '/77\" -> \"holder:holder77 (module)\" [dir=back' graph"));
	interfaces_free(&interfaces);
	holders_free(&holders);
}

/* Draw the graph of these holders, and of no interfaces, into the file "graph". */
static void draw_graph(const struct holders *holders)
{
	const struct interfaces interfaces = {};
	FILE *terminal = stdout;

	enter_directory();
	stdout = fopen("graph", "w");
	require(stdout);
	graph_print(&interfaces, holders);
	fclose(stdout);
	stdout = terminal;
}

/* Equal handles of one holder are one edge, with a count. */
static void graph_counts(void)
{
	struct holder list[] = {
		{ .holder = "h", .kind = "target", .interface = "devif9",
		  .device = "bus#a#gone", .export = "open" },
		{ .holder = "i", .kind = "target", .interface = "devif9",
		  .device = "bus#a#gone", .export = "open" },
		{ .holder = "h", .kind = "target", .interface = "devif9",
		  .device = "bus#a#gone", .export = "open" },
	};
	const struct holders holders = { list, ARRAY_SIZE(list) };

	draw_graph(&holders);
	check(!system("grep -c -- '->' graph | grep -qx 2"));
	check(!system("grep -qF 'holder:h\" [dir=back, label=\"target (2)\"]' graph"));
	check(!system("grep -qF 'holder:i\" [dir=back, label=\"target\"]' graph"));
}

/* J14: a device that asks its parent depends on it, though the parent has no interface. */
static void graph_of_asking(void)
{
	struct holder list[] = {
		{ .holder = "child (module)", .kind = "asks", .interface = "-",
		  .device = "bus#a#parent", .export = "open" },
		{ .holder = "h", .kind = "pinned", .interface = "-",
		  .device = "bus#a#left", .export = "ended" },
	};
	const struct holders holders = { list, ARRAY_SIZE(list) };

	draw_graph(&holders);
	check(!system("grep -F '\"gone:bus#a#parent\" -> \"holder:child (module)\"' graph >edge"));
	check(!system("grep -qF 'label=\"asks\"' edge"));
	check(!system("grep -qF 'label=\"bus#a#parent\"' graph"));
	check(!system("grep -F 'label=\"bus#a#left' graph | grep -qF '(gone)'"));
}

/*
 * Saving
 */

static void saves(void)
{
	struct stat status;

	enter_directory();
	write_sample("control", 7);
	check(!save_registry("a/b/registry", false));
	check(is_sample("a/b/registry", 7));
	require(!stat("a/b/registry", &status));
	check((status.st_mode & 07777) == 0600);
	write_sample("control", 8);
	check(!save_registry("a/b/registry", false));
	check(is_sample("a/b/registry", 8));
	check(files_in("a/b") == 1);
}

static void save_follows_links(void)
{
	enter_directory();
	write_sample("control", 7);
	require(!mkdir("disk", 0755));
	write_text("disk/registry", "old");
	require(!symlink("disk/registry", "registry"));
	check(!save_registry("registry", false));
	check(is_sample("disk/registry", 7));
	check(readlink("registry", (char[64]) {}, 64) > 0);
}

static void save_keeps_the_old_file(void)
{
	struct sample sample;
	struct rlimit limit = { 16, RLIM_INFINITY };

	enter_directory();
	require(!mkdir("d", 0755));
	write_text("d/registry", "old");
	make_sample(&sample, 7);
	write_file("control", &sample, sizeof(sample) - 1);
	check(save_registry("d/registry", false) == EXIT_FAILED);
	require(!unlink("control"));
	check(save_registry("d/registry", false) == EXIT_NOT_LOADED);
	write_sample("control", 7);
	check(save_registry("control/registry", false) == EXIT_FAILED);
	/* the disk is full */
	signal(SIGXFSZ, SIG_IGN);
	fflush(stdout);
	require(!setrlimit(RLIMIT_FSIZE, &limit));
	check(save_registry("d/registry", false) == EXIT_FAILED);
	check(has_content("d/registry", "old", 3));
	check(files_in("d") == 1);
}

/*
 * Calls of the C library that make a save durable, recorded in order as letters in @calls:
 * "f" and "d" for the synchronization of a file and a directory, "r" for a renaming.
 */

static char calls[64];

static void note(char c)
{
	size_t length = strlen(calls);

	if (length < sizeof(calls) - 1)
		calls[length] = c;
}

int fsync(int fd)
{
	struct stat status;

	note(!fstat(fd, &status) && S_ISDIR(status.st_mode) ? 'd' : 'f');
	return syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
	note('r');
	return syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

static void save_is_durable(void)
{
	enter_directory();
	write_sample("control", 7);
	memset(calls, 0, sizeof(calls));
	check(!save_registry("registry", false));
	check(!strcmp(calls, "frd"));
	/* the second file is durable before the first one is replaced */
	write_other("registry", 3);
	memset(calls, 0, sizeof(calls));
	check(!save_registry("registry", false));
	check(!strcmp(calls, "frdfrd"));
}

static void save_keeps_another_life_beside(void)
{
	enter_directory();
	write_sample("control", 7);
	write_other("registry", 3);
	check(!save_registry("registry", false));
	check(is_sample("registry", 7));
	check(is_other("registry.old", 3, 0));
	/* an image of the same life is not kept, nor an invalid one */
	write_sample("control", 8);
	check(!save_registry("registry", false));
	check(is_sample("registry", 8));
	write_text("registry", "spoilt");
	check(!save_registry("registry", false));
	check(is_sample("registry", 8));
	check(is_other("registry.old", 3, 0));
}

/* A regular file is the control node, so it contains the image that was restored last. */
static void save_merges_what_the_registry_has_not_had(void)
{
	enter_directory();
	write_sample("control", 7);
	write_other("registry", 3);
	check(!save_registry("registry", true));
	check(is_other("control", 3, DEVIF_IMAGE_SUCCEED));
	check(is_other("registry", 3, DEVIF_IMAGE_SUCCEED));
}

static void save_replaces_what_the_registry_continues(void)
{
	enter_directory();
	write_heir("control", 9, 3);
	write_other("registry", 3);
	check(!save_registry("registry", true));
	check(is_heir("control", 9, 3));
	check(is_heir("registry", 9, 3));
	check(is_other("registry.old", 3, 0));
	/* a later image of the other life is restored first */
	write_other("registry", 4);
	check(!save_registry("registry", true));
	check(is_other("control", 4, DEVIF_IMAGE_SUCCEED));
}

static void save_does_not_replace_what_it_cannot_merge(void)
{
	enter_directory();
	write_sample("control", 7);
	write_text("registry", "spoilt");
	check(save_registry("registry", true) == EXIT_FAILED);
	check(has_content("registry", "spoilt", 6));
	check(has_said("header: cut off"));
	check(has_said("registry.old, or move it away"));
}

static void save_removes_what_a_killed_one_left(void)
{
	int fd;

	enter_directory();
	write_sample("control", 7);
	require(!mkdir("d", 0755));
	write_text("d/.devif-aaaaaa", "left");
	write_text("d/.devif-bbbbbb", "of one that is under way");
	write_text("d/.devif-cccccccc", "another's");
	require(!symlink("registry", "d/.devif-dddddd"));
	fd = open("d/.devif-bbbbbb", O_RDONLY | O_CLOEXEC);
	require(!flock(fd, LOCK_EX));
	check(!save_registry("d/registry", false));
	check(access("d/.devif-aaaaaa", F_OK));
	check(!access("d/.devif-bbbbbb", F_OK));
	check(!access("d/.devif-cccccccc", F_OK));
	check(files_in("d") == 4);
	close(fd);
	check(!save_registry("d/registry", false));
	check(files_in("d") == 3);
}

static void save_refuses_nodes(void)
{
	struct stat status;

	enter_directory();
	write_sample("control", 7);
	require(!mkfifo("pipe", 0600));
	check(save_registry("pipe", false) == EXIT_FAILED);
	require(!symlink("pipe", "link"));
	check(save_registry("link", false) == EXIT_FAILED);
	require(!lstat("pipe", &status));
	check(S_ISFIFO(status.st_mode));
	check(has_said("not a regular file"));
}

/* Give successive readers of the control node one image each. */
static void serve(const unsigned int *generations, size_t count)
{
	struct sample sample;
	size_t i;
	int fd;

	for (i = 0; i < count; i++) {
		fd = open("control", O_WRONLY);
		/* the next reader, which comes after this one's end of file, opens another pipe */
		require(!mkfifo("next", 0600));
		require(!rename("next", "control"));
		make_sample(&sample, generations[i]);
		require(write(fd, &sample, sizeof(sample)) == sizeof(sample));
		close(fd);
	}
}

static void save_repeats_after_a_change(void)
{
	static const unsigned int generations[] = { 1, 2, 3, 3 };
	int status;
	pid_t pid;

	enter_directory();
	require(!mkfifo("control", 0600));
	pid = fork();
	if (!pid) {
		serve(generations, 4);
		_exit(failures);
	}
	check(!save_registry("registry", false));
	check(is_sample("registry", 3));
	require(waitpid(pid, &status, 0) == pid);
	check(!status);
}

/*
 * Restoring
 */

static void restores(void)
{
	enter_directory();
	write_sample("registry", 7);
	write_text("control", "");
	check(!restore_registry("registry", 0));
	check(is_sample("control", 7));
}

static void restore_sets_overwrite(void)
{
	struct sample sample;

	enter_directory();
	write_sample("registry", 7);
	write_text("control", "");
	check(!restore_registry("registry", DEVIF_IMAGE_OVERWRITE));
	make_sample(&sample, 7);
	sample.header.flags = htole32(DEVIF_IMAGE_OVERWRITE);
	seal(&sample);
	check(has_content("control", &sample, sizeof(sample)));
	check(is_sample("registry", 7));
}

static int restore_once(void)
{
	const struct options options = { .given = OPT_ONCE | OPT_QUIET };
	char name[] = "registry", *names[] = { name, NULL };

	return command_restore(&options, names);
}

static void restore_once_what_is_new(void)
{
	enter_directory();
	write_other("registry", 3);
	write_sample("control", 7);
	check(!restore_once());
	check(is_other("control", 3, DEVIF_IMAGE_SUCCEED));
	/* an image of this life, or one that it continues, is not restored again */
	write_heir("control", 9, 3);
	check(!restore_once());
	check(is_heir("control", 9, 3));
	write_other("control", 5);
	check(!restore_once());
	check(is_other("control", 5, 0));
	/* a later image of the other life is restored */
	write_heir("control", 9, 2);
	check(!restore_once());
	check(is_other("control", 3, DEVIF_IMAGE_SUCCEED));
}

static bool is_fault(const struct sample *sample, size_t size,
		     const char *said)
{
	write_file("registry", sample, size);
	return restore_registry("registry", 0) == EXIT_FAILED &&
	       has_said(said) && has_content("control", "as it was", 9);
}

static void restore_explains_faults(void)
{
	struct sample sample;

	enter_directory();
	write_text("control", "as it was");
	make_sample(&sample, 7);
	check(is_fault(&sample, 5, "registry: header: cut off"));
	check(is_fault(&sample, sizeof(sample) - 8,
		       "header: not the size of the image"));
	sample.strings[0] = 'B';
	check(is_fault(&sample, sizeof(sample),
		       "header: wrong checksum (at byte 12 of"));
	seal(&sample);
	check(is_fault(&sample, sizeof(sample), "record: device (at byte"));
	make_sample(&sample, 7);
	sample.header.version = htole32(DEVIF_IMAGE_VERSION + 1);
	check(is_fault(&sample, sizeof(sample), "header: unknown version"));
	check(restore_registry("nothing", 0) == EXIT_FAILED);
	check(has_said("nothing: No such file"));
}

static void restore_without_a_file(void)
{
	const struct options options = {};
	char other[] = "other", *names[] = { NULL, NULL };

	enter_directory();
	write_text("control", "as it was");
	check(command_restore(&options, names) == EXIT_OK);
	check(has_said("nothing to restore"));
	names[0] = other;
	check(command_restore(&options, names) == EXIT_FAILED);
	check(has_content("control", "as it was", 9));
}

static const struct test tests[] = {
	{ "GUIDs", guids, 10 },
	{ "N4 values of properties", values, 10 },
	{ "N4 values that are refused", wrong_values, 10 },
	{ "hostile text is escaped", hostile_text, 10 },
	{ "text in a locale without it", text_in_a_locale_without_it, 10 },
	{ "names of classes", names_of_classes, 10 },
	{ "names of classes: the file that is installed", shipped_classes, 10 },
	{ "lists of holders", lists_of_holders, 10 },
	{ "F8 absent records, and their names", names_of_records, 10 },
	{ "unregistered is not absent", unregistered_is_not_absent, 10 },
	{ "D4 devices by their place", devices_by_their_place, 10 },
	{ "a node by a property", node_by_a_property, 10 },
	{ "N3 remove --absent-since", remove_what_is_long_absent, 10 },
	{ "graph of many", graph_of_many, 120 },
	{ "graph counts", graph_counts, 10 },
	{ "J14 graph of one that asks its parent", graph_of_asking, 30 },
	{ "N1 save", saves, 10 },
	{ "N1 save follows a link", save_follows_links, 10 },
	{ "N1 save keeps the old file on failure", save_keeps_the_old_file, 10 },
	{ "N1 save does not replace nodes", save_refuses_nodes, 10 },
	{ "N1 save repeats after a change", save_repeats_after_a_change, 10 },
	{ "N1 save is durable", save_is_durable, 10 },
	{ "N1 save keeps what another life has saved",
	  save_keeps_another_life_beside, 10 },
	{ "N1 save merges what the registry has not had",
	  save_merges_what_the_registry_has_not_had, 10 },
	{ "N1 save replaces what the registry continues",
	  save_replaces_what_the_registry_continues, 10 },
	{ "N1 save does not replace what it cannot merge",
	  save_does_not_replace_what_it_cannot_merge, 10 },
	{ "N1 save removes what a killed one has left",
	  save_removes_what_a_killed_one_left, 10 },
	{ "N1 restore --once", restore_once_what_is_new, 10 },
	{ "N1 restore", restores, 10 },
	{ "N1 restore --overwrite", restore_sets_overwrite, 10 },
	{ "N1 restore explains faults", restore_explains_faults, 10 },
	{ "N1 restore without a file", restore_without_a_file, 10 },
};

int main(void)
{
	char directory[] = "/tmp/devifctl-XXXXXX";
	char *command;
	int ret;

	require(setlocale(LC_CTYPE, "C.UTF-8"));
	require(mkdtemp(directory) && !chdir(directory));
	ret = run_tests(tests, ARRAY_SIZE(tests));
	command = xasprintf("rm -rf '%s'", directory);
	require(!system(command));
	free(command);
	return ret;
}
