// SPDX-License-Identifier: GPL-2.0
/*
 * Two devices for tests of system sleep and of runtime power management: an importer, and an
 * exporter that came later, so that only a device link has the importer suspended first. The
 * importer holds a query interface of the exporter.
 *
 * The parameter "log" shows the calls of suspend and resume. A suspended exporter wakes the
 * system up again.
 */
#include <linux/devif.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/string.h>
#include <linux/suspend.h>

static char calls[256];
module_param_string(log, calls, sizeof(calls), 0644);
MODULE_PARM_DESC(log, "calls of suspend and resume, in order");

/* Guards the log: the two devices may be suspended and resumed by different tasks. */
static DEFINE_MUTEX(calls_lock);

/* {6b7a3f52-1c0d-4a58-9e3b-4f2d8c6a9b10} */
static const guid_t sleep_guid =
	GUID_INIT(0x6b7a3f52, 0x1c0d, 0x4a58,
		  0x9e, 0x3b, 0x4f, 0x2d, 0x8c, 0x6a, 0x9b, 0x10);

struct sleep_interface {
	struct devif_interface header;
};

static const struct sleep_interface table = {
	.header = DEVIF_INTERFACE_INIT(struct sleep_interface, 1),
};

static void log_call(struct device *dev, const char *call)
{
	mutex_lock(&calls_lock);
	strlcat(calls, dev_name(dev), sizeof(calls));
	strlcat(calls, call, sizeof(calls));
	mutex_unlock(&calls_lock);
}

static int sleep_suspend(struct device *dev)
{
	log_call(dev, "-suspend ");
	return 0;
}

static int sleep_resume(struct device *dev)
{
	log_call(dev, "-resume ");
	return 0;
}

/* All devices have been suspended before the first one gets here. */
static int sleep_suspend_noirq(struct device *dev)
{
	pm_system_wakeup();
	return 0;
}

static const struct dev_pm_ops sleep_pm_ops = {
	.suspend = sleep_suspend,
	.resume = sleep_resume,
	.suspend_noirq = sleep_suspend_noirq,
};

static int sleep_probe(struct platform_device *pdev)
{
	return devm_pm_runtime_enable(&pdev->dev);
}

static const struct platform_device_id sleep_ids[] = {
	{ "devif-importing" },
	{ "devif-exporting" },
	{}
};

static struct platform_driver sleep_driver = {
	.probe = sleep_probe,
	.id_table = sleep_ids,
	.driver = {
		.name = "devif-sleep",
		.pm = pm_ptr(&sleep_pm_ops),
	},
};

static struct platform_device *importer, *exporter;
static struct devif_export *export;
static struct sleep_interface held;

static int __init sleep_hold(void)
{
	const struct devif_export_desc export_desc = {
		.guid = &sleep_guid,
		.table = devif_header(&table),
	};
	const struct devif_query_desc query_desc = {
		.guid = &sleep_guid,
		.version = 1,
		.flags = DEVIF_REVOCABLE | DEVIF_RUNTIME_PM,
		.holder = &importer->dev,
	};
	int ret;

	ret = devif_export(&exporter->dev, &export_desc, &export);
	if (ret)
		return ret;
	ret = devif_query(&exporter->dev, &query_desc, &held);
	if (ret)
		devif_unexport(export);
	return ret;
}

static int __init sleep_init(void)
{
	int ret;

	ret = platform_driver_register(&sleep_driver);
	if (ret)
		return ret;
	importer = platform_device_register_simple("devif-importing", PLATFORM_DEVID_NONE,
						   NULL, 0);
	ret = PTR_ERR_OR_ZERO(importer);
	if (ret)
		goto err_driver;
	exporter = platform_device_register_simple("devif-exporting", PLATFORM_DEVID_NONE,
						   NULL, 0);
	ret = PTR_ERR_OR_ZERO(exporter);
	if (ret)
		goto err_importer;
	ret = sleep_hold();
	if (ret)
		goto err_exporter;
	return 0;

err_exporter:
	platform_device_unregister(exporter);
err_importer:
	platform_device_unregister(importer);
err_driver:
	platform_driver_unregister(&sleep_driver);
	return ret;
}

static void __exit sleep_exit(void)
{
	devif_dereference(&held.header);
	devif_unexport(export);
	platform_device_unregister(exporter);
	platform_device_unregister(importer);
	platform_driver_unregister(&sleep_driver);
}

module_init(sleep_init);
module_exit(sleep_exit);

MODULE_DESCRIPTION("Devices that are suspended, for tests of devif");
MODULE_LICENSE("GPL");
MODULE_IMPORT_DEVIF();
