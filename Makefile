# SPDX-License-Identifier: GPL-2.0
# "make help" says what there is. The modules themselves are described in Kbuild.

# Headers to build against: those of the running kernel, else the newest installed
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	  $(shell ls -dv /usr/src/linux-headers-*[0-9]-*64 \
		  /lib/modules/*/build 2>/dev/null | tail -n 1))
DKMS_NAME := devif
DKMS_VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

all: modules

modules modules_install clean: check-kdir
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

check-kdir:
	@[ -n "$(KDIR)" ] || { \
		echo "No kernel headers found: apt-get install linux-headers-$(shell dpkg --print-architecture 2>/dev/null || uname -m), or set KDIR=" >&2; \
		exit 1; }

tools:
	$(MAKE) -C tools/devifctl

install: modules modules_install
	install -D -m 644 -t $(DESTDIR)/usr/lib/udev/rules.d \
		tools/udev/60-devif.rules
	depmod

demo:
	scripts/demo

test:
	scripts/test

quick:
	LANE=uml scripts/test

torture:
	SUITE=shell_torture TORTURE_SECONDS=$(or $(SECONDS),60) scripts/test

breaks:
	scripts/breaks-test

fuzz:
	FUZZ_SECONDS=$(or $(SECONDS),60) scripts/fuzz

check:
	scripts/check

bench:
	scripts/bench

dkms-install:
	scripts/dkms-install $(DKMS_NAME) $(DKMS_VERSION)

distclean: clean
	rm -rf out

help:
	@echo 'make               build all modules against KDIR ($(KDIR))'
	@echo 'make tools         build devifctl: make -C tools/devifctl install installs it'
	@echo 'make demo          boot the stock Debian kernel with everything loaded and look around'
	@echo 'make test          KUnit suites and shell tests on the debug kernel'
	@echo '                     KERNELS="6.1 6.12 7.3"  on these kernels (default 6.1)'
	@echo '                     SUITE=devif_state       only this suite, or shell_sysfs, or shell_*'
	@echo '                     LANE=stock              devif_wellknown, on the stock kernel only'
	@echo 'make quick         the same on user-mode Linux 7.3, in seconds; takes SUITE too'
	@echo 'make torture       the torture alone: LANE=debug (default), kcsan or uml; SECONDS=60'
	@echo 'make breaks        break the code on purpose: the tests must notice'
	@echo 'make fuzz          let libFuzzer attack the parser of registry images; SECONDS=60'
	@echo 'make bench         what things cost, side by side, on user-mode Linux 7.3'
	@echo 'make check         checkpatch, sparse, coccicheck, kernel-doc, shellcheck'
	@echo 'make install       install the modules for the kernel of KDIR, and the udev rule (root)'
	@echo 'make dkms-install  let dkms build and install them, now and for each new kernel (root)'
	@echo 'make clean         remove what make has built; distclean: what the others have, too'
	@echo 'Test kernels are kept in $${XDG_CACHE_HOME:-~/.cache}/devif.'

.PHONY: all modules modules_install clean check-kdir tools install demo test quick \
	torture breaks fuzz check bench dkms-install distclean help
