// SPDX-License-Identifier: GPL-2.0
/*
 * Sample images, which together have every feature.
 */
#include <stdio.h>
#include <string.h>

#include "samples.h"

enum { CLASS = 1, RECORD = 2 };
enum { BOOL = 1, U32, U64, STRING, GUID, BYTES };

static const uint8_t toaster[16] = {
	0x30, 0xf6, 0x1e, 0x78, 0xb2, 0x72, 0xd2, 0x11,
	0xb8, 0x52, 0x00, 0xc0, 0x4f, 0xad, 0x51, 0x71,
};

static void one_of_each_type(struct encoder *encoder)
{
	encode_property(encoder, "b", BOOL, "\1", 1);
	encode_property(encoder, "toaster.slots", U32, "\2\0\0\0", 4);
	encode_property(encoder, "u-64", U64, "\1\2\3\4\5\6\7\10", 8);
	encode_property(encoder, "NAME_", STRING, "gr\303\274n", 6);
	encode_property(encoder, "guid", GUID, toaster, 16);
	encode_property(encoder, "bytes", BYTES, "\377\0\1", 3);
	encode_property(encoder, "none", BYTES, "", 0);
}

static void many_properties(struct encoder *encoder)
{
	char key[8];
	int i;

	for (i = 0; i < 64; i++) {
		sprintf(key, "k%d", i);
		encode_property(encoder, key, BOOL, "", 1);
	}
}

static void long_ones(struct encoder *encoder)
{
	char device[4096] = "dev##%2f", reference[600], value[2048];

	memset(device + strlen(device), 'd', 300);
	memset(reference, 'r', sizeof(reference));
	reference[sizeof(reference) - 1] = '\0';
	memset(value, 'v', sizeof(value));
	encode_entry(encoder, RECORD, 7, toaster, device, reference);
	encode_property(encoder, "large", BYTES, value, sizeof(value));
}

static void all_entries(struct encoder *encoder)
{
	encode_entry(encoder, CLASS, 0, toaster, "", "");
	one_of_each_type(encoder);
	encode_entry(encoder, RECORD, 1, toaster, "bus#toaster#toaster0", "");
	encode_entry(encoder, RECORD, 6, toaster, "class#net#eth0%20%23",
		     "lin\303\251 #1");
	one_of_each_type(encoder);
}

/* Add the features that only version 2 has. */
static void times_and_lives(struct encoder *encoder)
{
	encode_entry(encoder, RECORD, 0, toaster, "bus#toaster#toaster1", "");
	encode_seen(encoder, 1800000000);
	encode_property(encoder, "volatile", BOOL, "", 1);
	encode_flags(encoder, 1);
	encode_property(encoder, "default", BOOL, "", 1);
	encode_flags(encoder, 2);
	encode_lives(encoder, toaster, toaster, 7);
}

void sample_image(struct encoder *encoder, int number)
{
	encode_begin_version(encoder, number == 7 ? 1 : 2);
	switch (number) {
	case 0:
		break;
	case 1:
		all_entries(encoder);
		times_and_lives(encoder);
		break;
	case 7:
		all_entries(encoder);
		break;
	case 2:
		encode_entry(encoder, RECORD, 0, toaster,
			     "dev##%2fdevices%2fdevif-demo", "left");
		encode_property(encoder, "b", BOOL, "", 1);
		break;
	case 3:
		encode_entry(encoder, CLASS, 0, toaster, "", "");
		many_properties(encoder);
		break;
	case 4:
		long_ones(encoder);
		break;
	case 5:
		encode_entry(encoder, CLASS, 0, toaster, "", "");
		break;
	case 6:
		encode_entry(encoder, RECORD, 0, toaster, "bus#a#b",
			     "\360\237\215\236\342\202\254");
		encode_property(encoder, "s", STRING, "", 1);
		break;
	}
	encode_end(encoder, number, number & 1);
}
