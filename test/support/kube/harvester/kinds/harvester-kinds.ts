import type { Kind } from "../../words.ts";
import * as devices from "../schemas/devices.ts";
import * as observability from "../schemas/observability.ts";
import { inGroup } from "./custom-kind.ts";
import { ownKinds } from "./harvester.ts";
import { networkKinds } from "./networks.ts";
import { storageKinds } from "./storage.ts";
import { virtualizationKinds } from "./virtualization.ts";

const logging = inGroup("logging.banzaicloud.io", "v1beta1");
const deviceGroup = inGroup("devices.harvesterhci.io", "v1beta1");

const observabilityKinds: readonly Kind[] = [
  logging("Flow", "flows", observability.flow),
  logging("Output", "outputs", observability.output),
  logging("ClusterFlow", "clusterflows", observability.flow),
  logging("ClusterOutput", "clusteroutputs", observability.output),
  inGroup("monitoring.coreos.com", "v1alpha1")(
    "AlertmanagerConfig",
    "alertmanagerconfigs",
    observability.alertmanagerConfig,
    { shortNames: ["amcfg"] },
  ),
];

const deviceKinds: readonly Kind[] = [
  deviceGroup("PCIDevice", "pcidevices", devices.found, { cluster: true }),
  deviceGroup("PCIDeviceClaim", "pcideviceclaims", devices.claim, { cluster: true }),
  deviceGroup("SRIOVGPUDevice", "sriovgpudevices", devices.found, { cluster: true }),
  deviceGroup("VGPUDevice", "vgpudevices", devices.vgpu, { cluster: true }),
  deviceGroup("USBDevice", "usbdevices", devices.found, { cluster: true }),
];

/** What Harvester adds to the kinds of Kubernetes. */
export const harvesterKinds: readonly Kind[] = [
  ...virtualizationKinds,
  ...ownKinds,
  ...networkKinds,
  ...storageKinds,
  ...observabilityKinds,
  ...deviceKinds,
];
