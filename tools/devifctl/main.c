// SPDX-License-Identifier: GPL-2.0
/*
 * devifctl: look at device interfaces and change what user space may change.
 */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "devifctl.h"
#include "known.h"

#ifndef DEVIF_VERSION
#define DEVIF_VERSION "unknown"
#endif

/**
 * struct command - a command
 * @name: its name
 * @run: function that executes it
 * @options: bits of the options that it takes
 * @min: minimum number of names
 * @max: maximum number of names
 * @usage: arguments, for the help
 * @help: summary, for the help
 */
struct command {
	const char *name;
	int (*run)(const struct options *options, char **names);
	unsigned int options;
	int min;
	int max;
	const char *usage;
	const char *help;
};

static const struct command commands[] = {
	{ "list", command_list,
	  OPT_ALL | OPT_CLASS | OPT_JSON | OPT_LONG | OPT_TREE, 0, 0,
	  "[--all] [--long | --tree | --json] [--class CLASS]",
	  "interfaces; the default command" },
	{ "show", command_show, OPT_JSON, 1, 1,
	  "[--json] NAME", "all about an interface or a class" },
	{ "monitor", command_monitor, OPT_CLASS | OPT_JSON, 0, 0,
	  "[--json] [--class CLASS]", "tell what happens until interrupted" },
	{ "classes", command_classes, OPT_JSON, 0, 0,
	  "[--json]", "classes that are known, and those that there are" },
	{ "graph", command_graph, 0, 0, 0,
	  "", "who exports and who holds what, for Graphviz" },
	{ "enable", command_enable, 0, 1, 1,
	  "NAME", "enable an interface" },
	{ "disable", command_disable, 0, 1, 1,
	  "NAME", "disable an interface" },
	{ "default", command_default, OPT_CLASS | OPT_NONE, 0, 1,
	  "NAME | --class CLASS [--none]",
	  "make an interface its class's default, or show that" },
	{ "prop", command_prop, OPT_JSON, 2, 4,
	  "list NAME | get NAME KEY | set NAME KEY TYPE:VALUE | remove NAME KEY",
	  "properties of an interface or a class" },
	{ "remove", command_remove,
	  OPT_ABSENT_SINCE | OPT_CLASS | OPT_FORCE | OPT_QUIET, 0, 1,
	  "[--force] NAME | --absent-since DATE|AGE [--class CLASS] [--quiet]",
	  "remove an interface, and forget it, or forget those that are long absent" },
	{ "eject", command_eject, OPT_QUIET, 1, 1,
	  "[--quiet] NAME", "ask all holders, and unbind the driver of an interface's device" },
	{ "save", command_save, OPT_QUIET, 0, 1,
	  "[--quiet] [FILE]", "save the registry" },
	{ "restore", command_restore, OPT_ONCE | OPT_OVERWRITE | OPT_QUIET, 0, 1,
	  "[--once | --overwrite] [--quiet] [FILE]", "restore what was saved" },
};

static const struct option long_options[] = {
	{ "absent-since", required_argument, NULL, 's' },
	{ "all", no_argument, NULL, 'a' },
	{ "class", required_argument, NULL, 'c' },
	{ "force", no_argument, NULL, 'f' },
	{ "json", no_argument, NULL, 'j' },
	{ "long", no_argument, NULL, 'l' },
	{ "none", no_argument, NULL, 'n' },
	{ "once", no_argument, NULL, '1' },
	{ "overwrite", no_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "tree", no_argument, NULL, 't' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{}
};

static const char letters[] = "ac:fjlnoqt1s:hV";
/* in the order of enum option_bit */
static const char option_letters[] = "acfjlnoqt1s";

static void print_help(void)
{
	size_t i;

	puts("usage: devifctl [COMMAND] [OPTIONS] [NAMES]\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %s %s\n        %s\n", commands[i].name,
		       commands[i].usage, commands[i].help);
	puts("\nNAME is that of an interface, devif3, or its symbolic link name; for show, prop\n"
	     "and remove also a CLASS, that is, a GUID or a name that \"devifctl classes\" lists.\n"
	     "See devifctl(8).");
}

static int misused(const struct command *command)
{
	hint("usage: devifctl %s %s", command->name, command->usage);
	return EXIT_USAGE;
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* Take an option; return an exit code, or -1 to go on. */
static int take_option(struct options *options, int letter)
{
	switch (letter) {
	case 'h':
		print_help();
		return EXIT_OK;
	case 'V':
		puts("devifctl " DEVIF_VERSION);
		return EXIT_OK;
	case '?':
		hint("try: devifctl --help");
		return EXIT_USAGE;
	case 'c':
		options->class = optarg;
		break;
	case 's':
		options->absent_since = optarg;
		break;
	}
	options->given |= 1u << (strchr(option_letters, letter) -
				 option_letters);
	return -1;
}

static int run(const struct command *command, const struct options *options,
	       char **names, int count)
{
	unsigned int wrong = options->given & ~command->options;

	if (wrong) {
		complain(EXIT_USAGE, "%s does not take -%c", command->name,
			 option_letters[__builtin_ctz(wrong)]);
		return misused(command);
	}
	if (count < command->min || count > command->max) {
		complain(EXIT_USAGE, "%s takes %s names", command->name,
			 count < command->min ? "more" : "fewer");
		return misused(command);
	}
	return command->run(options, names);
}

/* Flush the output; a failed write is an error too. */
static int finish(int code)
{
	if (fflush(stdout) || ferror(stdout)) {
		perror("devifctl: standard output");
		return code ?: EXIT_FAILED;
	}
	return code;
}

int main(int argc, char **argv)
{
	const struct command *command = &commands[0];
	struct options options = {};
	int letter, code;

	setlocale(LC_CTYPE, "");
	while ((letter = getopt_long(argc, argv, letters, long_options,
				     NULL)) != -1) {
		code = take_option(&options, letter);
		if (code >= 0)
			return finish(code);
	}
	argv += optind;
	argc -= optind;
	if (argc) {
		command = find_command(*argv);
		if (!command) {
			complain(EXIT_USAGE, "there is no command %s", *argv);
			hint("try: devifctl --help");
			return EXIT_USAGE;
		}
		argv++;
		argc--;
	}
	code = run(command, &options, argv, argc);
	known_classes_free();
	return finish(code);
}
