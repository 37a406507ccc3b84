/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared code of the suites: devices to register interfaces on, on a bus with a driver
 * that a test controls, and clean-up that works from 6.1 on.
 */
#ifndef DEVIF_KUNIT_FIXTURE_H
#define DEVIF_KUNIT_FIXTURE_H

#include <kunit/test.h>
#include <linux/devif.h>
#include <linux/device.h>

/**
 * struct fixture - a device on the test bus
 * @dev: the device
 * @probe: called by the driver's probe(); %NULL to succeed
 * @remove: called by the driver's remove(); %NULL for nothing
 * @test: the test
 * @devif: interface, for @probe and @remove
 * @data: for @probe and @remove
 * @result: for @probe and @remove
 * @bindable: whether probe() accepts the device
 * @removed: whether it has been unplugged
 */
struct fixture {
	struct device dev;
	int (*probe)(struct fixture *fixture);
	void (*remove)(struct fixture *fixture);
	struct kunit *test;
	struct devif *devif;
	void *data;
	int result;
	bool bindable;
	bool removed;
};

extern const guid_t guid_a, guid_b;

/* Limit for waits that should always end; shorter than KUnit's own limit. */
#define PATIENCE	(120 * HZ)

int fixture_suite_init(struct kunit_suite *suite);
void fixture_suite_exit(struct kunit_suite *suite);

void fixture_breathe(unsigned int round);
void fixture_defer(struct kunit *test, void (*fn)(void *arg), void *arg);
int fixture_probe(struct device *dev);
void fixture_remove(struct device *dev);
struct fixture *fixture_add(struct kunit *test);
struct fixture *fixture_add_on(struct kunit *test, struct bus_type *bus);
struct fixture *fixture_add_named(struct kunit *test, const char *name);
struct fixture *fixture_add_bound(struct kunit *test);
struct fixture *fixture_add_child(struct kunit *test, struct device *parent);
void fixture_unplug(struct fixture *fixture);
bool fixture_bind(struct fixture *fixture);
void fixture_unbind(struct fixture *fixture);
struct device *fixture_root(struct kunit *test, const char *name);

int fixture_try(struct device *dev, const guid_t *class, const char *reference,
		unsigned int flags, struct devif **devif);
struct devif *fixture_register(struct kunit *test, struct device *dev,
			       const guid_t *class, const char *reference,
			       unsigned int flags);
struct devif *fixture_interface(struct kunit *test, const char *reference,
				bool enabled);
int fixture_remove_by_user(struct devif *devif, char *how);
void fixture_toggle(struct kunit *test, struct devif *devif);
struct device *fixture_interface_device(struct kunit *test, struct device *host,
					struct devif *devif);
bool fixture_class_is_shown(struct kunit *test, struct device *dev,
			    const guid_t *class);
bool fixture_class_goes(struct kunit *test, struct device *dev,
			const guid_t *class);
unsigned int fixture_count(const guid_t *class, struct device *dev,
			   enum devif_which which);

__printf(1, 2)
void fixture_expect_report(const char *format, ...);
void fixture_expect_end(void);

#endif /* DEVIF_KUNIT_FIXTURE_H */
