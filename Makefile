# SPDX-License-Identifier: GPL-2.0
# Run "make help" for the targets. Kbuild describes the modules.

# Headers to build against: those of the running kernel, else the newest installed
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	  $(shell ls -dv /usr/src/linux-headers-*[0-9]-*64 \
		  /lib/modules/*/build 2>/dev/null | tail -n 1))
DKMS_NAME := devif
DKMS_VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

prefix ?= /usr
sbindir ?= $(prefix)/sbin
includedir ?= $(prefix)/include
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
udevdir ?= /usr/lib/udev
unitdir ?= $(prefix)/lib/systemd/system
units := devif-registry.service devif-save.service
# directory for the build of tools
TOOLS_OUT ?= out/tools

all: modules tools

tools:
	$(MAKE) -C tools/devifctl O=$(abspath $(TOOLS_OUT))

# With CONFIG_MODULE_SIG_ALL, Kbuild signs modules at installation. Without a key, as for
# all kernels of distributions, it prints cryptic but harmless errors.
define explain_signing
	@if grep -qsx CONFIG_MODULE_SIG_ALL=y $(KDIR)/include/config/auto.conf && \
	    [ ! -e $(KDIR)/certs/signing_key.pem ]; then \
		echo "The modules are not signed: there is no key, $(KDIR)/certs/signing_key.pem."; \
		echo "With Secure Boot they have to be: by kmodsign or sign-file, with a key of yours"; \
		echo "that mokutil has enrolled. Errors of SSL or sign-file that were shown mean this."; \
	fi
endef

modules modules_install clean: check-kdir
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) \
		INSTALL_MOD_DIR=updates $@
	$(if $(filter modules_install,$@),$(explain_signing))

check-kdir:
	@[ -n "$(KDIR)" ] || { \
		echo "No kernel headers found: apt-get install linux-headers-$(shell dpkg --print-architecture 2>/dev/null || uname -m), or set KDIR=" >&2; \
		exit 1; }

install: modules_install install-tools
	[ -n "$(DESTDIR)" ] || depmod

modules_install: modules

# everything but the modules
install-tools:
	$(MAKE) -C tools/devifctl install prefix=$(prefix) sbindir=$(sbindir) \
		DESTDIR=$(DESTDIR) O=$(abspath $(TOOLS_OUT))
	install -D -m 644 -t $(DESTDIR)$(includedir)/linux \
		include/uapi/linux/devif.h
	install -D -m 644 -t $(DESTDIR)$(udevdir)/rules.d tools/udev/*.rules
	install -D -m 644 tools/systemd/modules-load.conf \
		$(DESTDIR)$(prefix)/lib/modules-load.d/devif.conf
	install -d $(DESTDIR)$(unitdir)
	for unit in $(units); do \
		sed 's|/usr/sbin/|$(sbindir)/|' tools/systemd/$$unit \
			>$(DESTDIR)$(unitdir)/$$unit || exit; \
		chmod 644 $(DESTDIR)$(unitdir)/$$unit; \
	done

# Leave /var/lib/devif, the saved registry.
uninstall:
	rm -f $(DESTDIR)$(sbindir)/devifctl \
		$(DESTDIR)$(includedir)/linux/devif.h \
		$(addprefix $(DESTDIR)$(unitdir)/,$(units)) \
		$(DESTDIR)$(prefix)/lib/modules-load.d/devif.conf \
		$(patsubst tools/udev/%,$(DESTDIR)$(udevdir)/rules.d/%, \
			$(wildcard tools/udev/*.rules)) \
		$(DESTDIR)$(datadir)/bash-completion/completions/devifctl \
		$(foreach page,$(notdir $(wildcard Documentation/man/*)), \
			$(DESTDIR)$(mandir)/man$(lastword $(subst ., ,$(page)))/$(page))
	rm -rf $(DESTDIR)$(datadir)/devif
	rm -f $(foreach module,devif.ko devif_*.ko,$(foreach packed,.gz .xz .zst, \
		$(DESTDIR)/lib/modules/*/updates/$(module) \
		$(DESTDIR)/lib/modules/*/updates/$(module)$(packed)))
	[ -n "$(DESTDIR)" ] || depmod

demo:
	scripts/demo

test:
	scripts/test

test-full:
	FULL=1 scripts/test

quick:
	KERNELS=7.3 LANE=smp scripts/test

torture:
	LANE="$(or $(LANE),smp)" SUITE=shell_torture \
		TORTURE_SECONDS=$(or $(SECONDS),60) scripts/test

breaks:
	scripts/breaks-test

fuzz:
	FUZZ_SECONDS=$(or $(SECONDS),60) scripts/fuzz

reboot-test:
	FULL=1 SUITE=host_reboot scripts/test

dkms-test:
	FULL=1 SUITE=host_dkms scripts/test

check:
	scripts/check

bench:
	scripts/bench

deb:
	scripts/package

dkms-install:
	scripts/dkms-install $(DKMS_NAME) $(DKMS_VERSION)

distclean: clean
	rm -rf out

help:
	@echo 'make               build all modules against KDIR ($(KDIR)), and tools'
	@echo 'make tools         build devifctl'
	@echo 'make demo          boot the stock Debian kernel with everything loaded and look around'
	@echo 'make test          KUnit suites, shell tests and parsers, on 7.3, 6.12 and 6.1'
	@echo '                     KERNELS=7.3             on these only'
	@echo '                     SUITE=devif_state       only this suite, or shell_sysfs, or shell_*'
	@echo '                     LANE="native smp"       only in these lanes, see scripts/test'
	@echo 'make test-full     everything there is: also QEMU with two processors and every'
	@echo '                     checker, KCSAN, other machines and compilers, dkms, the reboot test'
	@echo 'make quick         KUnit and the races on kernel 7.3 only, in seconds; takes SUITE too'
	@echo 'make torture       the torture alone: LANE=smp (default), native, debug or kcsan; SECONDS=60'
	@echo 'make breaks        break the code on purpose: the tests must notice'
	@echo 'make fuzz          let libFuzzer attack the parser of registry images; SECONDS=60'
	@echo 'make reboot-test   a Debian with systemd, booted three times: what is remembered is found'
	@echo 'make dkms-test     dkms builds the modules for the stock kernels 6.1 and 6.12'
	@echo 'make bench         what things cost, side by side, on user-mode Linux 7.3'
	@echo 'make check         checkpatch, sparse, coccicheck, kernel-doc, shellcheck'
	@echo 'make install       install the modules for the kernel of KDIR, and install-tools (root)'
	@echo 'make install-tools install devifctl, its man pages, udev rules and systemd units (root)'
	@echo 'make uninstall     remove what they have installed (root)'
	@echo '                     DESTDIR, prefix and the like are honoured by all three'
	@echo 'make deb           Debian packages: devif-dkms, devifctl, devif-dev'
	@echo 'make dkms-install  let dkms build and install them, now and for each new kernel (root)'
	@echo 'make clean         remove what make has built; distclean: what the others have, too'
	@echo 'Test kernels are kept in $${XDG_CACHE_HOME:-~/.cache}/devif.'

.PHONY: all modules modules_install clean check-kdir tools install \
	install-tools uninstall deb demo test quick test-full torture breaks fuzz \
	dkms-test reboot-test check bench dkms-install distclean help
