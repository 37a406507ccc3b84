// SPDX-License-Identifier: GPL-2.0
/*
 * seeds DIRECTORY - write the sample images, which fuzzing begins with.
 */
#include <stdio.h>
#include <stdlib.h>

#include "samples.h"

static int write_seed(const char *directory, int number)
{
	struct encoder encoder;
	char path[4096];
	size_t written;
	FILE *file;

	sample_image(&encoder, number);
	snprintf(path, sizeof(path), "%s/seed%d", directory, number);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		return 1;
	}
	written = fwrite(encoder.data, 1, encoder.size, file);
	if (fclose(file) || written != encoder.size) {
		perror(path);
		return 1;
	}
	free(encoder.data);
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	if (argc != 2) {
		fputs("usage: seeds DIRECTORY\n", stderr);
		return 2;
	}
	for (i = 0; i < SAMPLES; i++)
		if (write_seed(argv[1], i))
			return 1;
	return 0;
}
