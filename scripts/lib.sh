# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Shared by the scripts of this directory: messages, the cache, packages.

# The cache keeps results that cost minutes, outside the checkout, one copy per user.
DEVIF_CACHE=${DEVIF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/devif}
DEVIF_TOP=$(cd "$(dirname "$0")/.." && pwd)
DEVIF_OUT=${DEVIF_OUT:-$DEVIF_TOP/out}
DEVIF_JOBS=${DEVIF_JOBS:-$(nproc)}
DEVIF_START=$(date +%s)

# Messages carry the seconds since the script's start: progress is visible.
say()
{
	printf '[%3ds] %s\n' "$(($(date +%s) - DEVIF_START))" "$*" >&2
}

die()
{
	printf 'devif: %s\n' "$*" >&2
	exit 1
}

# only_one NAME: wait until no other script holds this name, and hold it until the script
# ends; tests run side by side, and each wants its kernel.
only_one()
{
	exec 9>"$DEVIF_CACHE/$1.lock"
	flock 9
}

# need_packages PKG...: install missing packages, or print the command that does
need_packages()
{
	missing=
	for pkg in "$@"; do
		dpkg-query -W -f '${Status}' "$pkg" 2>/dev/null |
			grep -q '^install ok' || missing="$missing $pkg"
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		die "please run: sudo apt-get install --no-install-recommends$missing"
	fi
	say "installing$missing"
	# one at a time: tests run side by side
	# shellcheck disable=SC2016 # the inner shell's
	if ! flock "$DEVIF_CACHE/apt.lock" sh -c 'apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends $0' "$missing" \
		>"$DEVIF_CACHE/apt.log" 2>&1
	then
		tail -n 20 "$DEVIF_CACHE/apt.log" >&2
		die "cannot install$missing"
	fi
}

# run_logged LOG CMD...: run a command with its output in LOG; print the end of LOG only
# if the command fails
run_logged()
{
	log=$1
	shift
	if ! "$@" >"$log" 2>&1 </dev/null; then
		tail -n 30 "$log" >&2
		die "failed: $* (whole log: $log)"
	fi
}

# copy_program DIR FILE: copy a program of the host into the root directory of a guest,
# and its libraries to the paths where the loader looks for them
copy_program()
{
	install -D "$2" "$1/bin/$(basename "$2")"
	ldd "$2" >"$1/ldd"
	! grep 'not found' "$1/ldd" >&2 || die "$2 lacks a library"
	grep -o '/[^ ]*' "$1/ldd" | while read -r file; do
		[ -e "$1/$file" ] || install -D "$file" "$1/$file"
	done
	rm "$1/ldd"
}

mkdir -p "$DEVIF_CACHE"
