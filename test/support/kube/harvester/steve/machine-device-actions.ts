import type { KubeObject } from "../../words.ts";
import {
  annotate,
  CLAIM_TEMPLATES,
  claimTemplates,
  ensured,
  find,
  LONGHORN,
  machinesUsing,
  missing,
  provisionerOf,
  reference,
} from "../admission/look.ts";
import { whyNotShareable } from "../admission/machine-devices.ts";
import { bridgeOf } from "../admission/networks.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, numberAt, textAt } from "../machines/fields.ts";
import { ActionFault, failed, invalidBody } from "./action-fault.ts";
import { type Action, type Asked, inputOf, isAllowed, kube, mustHave, rewrite } from "./asking.ts";
import { removableNics } from "./machine-legality.rules.ts";
import { moveAnywhere } from "./machine-power-actions.ts";
import { shortSuffix } from "./names.ts";

const TEMPLATE = ["spec", "template", "spec"] as const;
const DEVICES = [...TEMPLATE, "domain", "devices"] as const;
const GIB = 2 ** 30;

/** Writes the claims a machine asks for; none are an empty text. */
function setTemplates(machine: KubeObject, templates: readonly Fields[]): void {
  annotate(machine, CLAIM_TEMPLATES, templates.length === 0 ? "" : JSON.stringify(templates));
}

const templatesOf = (machine: KubeObject) => claimTemplates(machine).map(({ fields }) => fields);

function forget(machine: KubeObject, claims: readonly string[]): void {
  if (machine.metadata.annotations?.[CLAIM_TEMPLATES] === undefined) return;
  const kept = templatesOf(machine).filter((one) => !claims.includes(textAt(one, "metadata", "name") ?? ""));
  setTemplates(machine, kept);
}

function push(machine: KubeObject, path: readonly string[], list: string, item: Fields): void {
  const holder = ensured(machine, ...path);
  holder[list] = [...itemsAt(holder, list), item];
}

function checkFree(asked: Asked, claim: KubeObject): void {
  const { world, namespace, name } = asked;
  const modes = at(claim, "spec", "accessModes");
  const shared = Array.isArray(modes) && modes.includes("ReadWriteMany");
  if (shared && provisionerOf(world, claim) !== LONGHORN) return;
  const other = machinesUsing(world, namespace, claim.metadata.name).some(
    (machine) => machine.metadata.name !== name,
  );
  if (other) throw failed("volume is already used by other VM");
}

const addVolume: Action = async (asked) => {
  const input = await inputOf(asked);
  const needed = "Parameter `diskName` and `volumeName` are required";
  const { diskName, volumeSourceName } = mustHave(input, ["diskName", "volumeSourceName"], needed);
  const { world, namespace } = asked;
  const claim = find(world, "persistentvolumeclaims", namespace, volumeSourceName);
  if (claim === undefined) {
    throw new ActionFault(404, missing("persistentvolumeclaims", volumeSourceName));
  }
  const className = textAt(claim, "spec", "storageClassName") ?? "";
  const binding = textAt(find(world, "storageclasses", undefined, className), "volumeBindingMode");
  if (binding !== "WaitForFirstConsumer" && textAt(claim, "status", "phase") !== "Bound") {
    throw failed(`volme ${volumeSourceName} not bound yet`);
  }
  checkFree(asked, claim);
  const shareable = flagAt(input, "shareable");
  const why = shareable ? whyNotShareable(world, namespace, volumeSourceName) : undefined;
  if (why !== undefined) throw failed(why);
  await rewrite(asked, (machine) => {
    const disk = { name: diskName, disk: { bus: "scsi" }, ...(shareable ? { shareable: true } : {}) };
    push(machine, DEVICES, "disks", disk);
    const source = { claimName: volumeSourceName, hotpluggable: true };
    push(machine, TEMPLATE, "volumes", { name: diskName, persistentVolumeClaim: source });
    if (machine.metadata.annotations?.[CLAIM_TEMPLATES] === undefined) return;
    const { accessModes, resources, volumeMode, storageClassName } = fieldsAt(claim, "spec");
    const spec = { accessModes, resources, volumeMode, storageClassName };
    setTemplates(machine, [...templatesOf(machine), { metadata: { name: volumeSourceName }, spec }]);
  });
  return undefined;
};

const named = (name: string) => (item: Fields) => item["name"] === name;

const removeVolume: Action = async (asked) => {
  const { diskName } = mustHave(await inputOf(asked), ["diskName"], "Parameter `volumeName` are required");
  const { namespace, name, object } = asked;
  if (!itemsAt(object, ...DEVICES, "disks").some(named(diskName))) {
    throw failed(`disk \`${diskName}\` not found in virtual machine \`${namespace}/${name}\``);
  }
  await rewrite(asked, (machine) => {
    const devices = ensured(machine, ...DEVICES);
    const template = ensured(machine, ...TEMPLATE);
    const volumes = itemsAt(template, "volumes");
    const claims = volumes
      .filter(named(diskName))
      .flatMap((volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? []);
    devices["disks"] = itemsAt(devices, "disks").filter((disk) => disk["name"] !== diskName);
    template["volumes"] = volumes.filter((volume) => volume["name"] !== diskName);
    forget(machine, claims);
  });
  return undefined;
};

const addNic: Action = async (asked) => {
  const input = await inputOf(asked);
  const { interfaceName, networkName } = mustHave(
    input,
    ["interfaceName", "networkName"],
    "Parameter `interfaceName` and `networkName` are required",
  );
  const { namespace, name } = reference(networkName, asked.namespace);
  const attachment = find(asked.world, "network-attachment-definitions", namespace, name);
  if (attachment === undefined) {
    throw new ActionFault(404, missing("network-attachment-definitions", name));
  }
  if (bridgeOf(attachment).type !== "bridge" || attachment.metadata.deletionTimestamp !== undefined) {
    throw failed(`network ${networkName} is not hot-pluggable`);
  }
  const macAddress = textAt(input, "macAddress");
  await rewrite(asked, (machine) => {
    push(machine, DEVICES, "interfaces", {
      name: interfaceName,
      model: "virtio",
      bridge: {},
      ...(macAddress === undefined ? {} : { macAddress }),
    });
    push(machine, TEMPLATE, "networks", { name: interfaceName, multus: { networkName } });
  });
  await moveAnywhere(asked);
  return undefined;
};

const removeNic: Action = async (asked) => {
  const interfaceName = textAt(await inputOf(asked), "interfaceName") ?? "";
  const nics = itemsAt(asked.object, ...DEVICES, "interfaces");
  if (!nics.some(named(interfaceName))) throw failed(`interface ${interfaceName} doesn't exist`);
  if (!removableNics(asked.object).includes(interfaceName)) {
    throw failed(`interface ${interfaceName} is not hot-unpluggable`);
  }
  await rewrite(asked, (machine) => {
    for (const nic of itemsAt(machine, ...DEVICES, "interfaces")) {
      if (nic["name"] === interfaceName) nic["state"] = "absent";
    }
  });
  await moveAnywhere(asked);
  return undefined;
};

function mustHaveDrive({ namespace, name, object }: Asked, device: string): void {
  const drive = itemsAt(object, ...DEVICES, "disks").find(named(device));
  if (textAt(drive, "cdrom", "bus") === "sata") return;
  throw invalidBody(`can not find the SATA CD-ROM device ${device} from the VM ${namespace}/${name}`);
}

const insertCdRom: Action = async (asked) => {
  const input = await inputOf(asked);
  const device = textAt(input, "DeviceName") ?? textAt(input, "deviceName") ?? "";
  mustHaveDrive(asked, device);
  const imageName = textAt(input, "imageName") ?? "";
  if (!imageName.includes("/")) throw failed(`invalid image name: ${imageName}, should be namespace/name`);
  const { namespace, name } = reference(imageName, "");
  const mayUse = isAllowed(asked.request, {
    verb: "get",
    group: "harvesterhci.io",
    resource: "virtualmachineimages",
    namespace,
    name,
  });
  if (!mayUse) {
    throw new ActionFault(
      403,
      `PermissionDenied 403: user "${asked.request.user.name}" is not allowed to access image ${imageName}`,
    );
  }
  const image = find(asked.world, "virtualmachineimages", namespace, name);
  if (image === undefined) throw new ActionFault(404, missing("virtualmachineimages", name));
  const status = fieldsAt(image, "status");
  const bytes = Math.max(numberAt(status, "virtualSize") ?? 0, numberAt(status, "size") ?? 0);
  const claimName = `${asked.name}-${device}-${shortSuffix(asked.world)}`;
  await rewrite(asked, (machine) => {
    const source = { claimName, hotpluggable: true };
    push(machine, TEMPLATE, "volumes", { name: device, persistentVolumeClaim: source });
    if (machine.metadata.annotations?.[CLAIM_TEMPLATES] === undefined) return;
    setTemplates(machine, [
      ...templatesOf(machine),
      {
        metadata: { name: claimName, annotations: { "harvesterhci.io/imageId": imageName } },
        spec: {
          accessModes: ["ReadWriteMany"],
          volumeMode: "Block",
          resources: { requests: { storage: `${Math.max(1, Math.ceil(bytes / GIB))}Gi` } },
          storageClassName: textAt(status, "storageClassName"),
        },
      },
    ]);
  });
  return undefined;
};

const ejectCdRom: Action = async (asked) => {
  const device = textAt(await inputOf(asked), "deviceName") ?? "";
  mustHaveDrive(asked, device);
  const claims: string[] = [];
  await rewrite(asked, (machine) => {
    const template = ensured(machine, ...TEMPLATE);
    const volumes = itemsAt(template, "volumes");
    for (const volume of volumes.filter(named(device))) {
      const claim = textAt(volume, "persistentVolumeClaim", "claimName");
      if (claim !== undefined) claims.push(claim);
    }
    template["volumes"] = volumes.filter((volume) => volume["name"] !== device);
    forget(machine, claims);
  });
  for (const claim of claims) {
    if (find(asked.world, "persistentvolumeclaims", asked.namespace, claim) === undefined) continue;
    await kube(asked, "DELETE", `/api/v1/namespaces/${asked.namespace}/persistentvolumeclaims/${claim}`);
  }
  return undefined;
};

const storageMigration: Action = async (asked) => {
  const { sourceVolume, targetVolume } = mustHave(
    await inputOf(asked),
    ["sourceVolume", "targetVolume"],
    "Parameter `sourceVolume` and `targetVolume` are required",
  );
  if (sourceVolume === targetVolume) {
    throw invalidBody("sourceVolume and targetVolume must be different");
  }
  const templates = templatesOf(asked.object);
  const isSource = (one: Fields) => textAt(one, "metadata", "name") === sourceVolume;
  if (!templates.some(isSource)) {
    throw failed(`source volume ${sourceVolume} not found in volumeClaimTemplates annotation`);
  }
  await rewrite(asked, (machine) =>
    setTemplates(
      machine,
      templates.map((one) => (isSource(one) ? { ...one, targetVolume } : one)),
    ),
  );
  return undefined;
};

const cancelStorageMigration: Action = async (asked) => {
  const moving = new Map(
    claimTemplates(asked.object).flatMap((one) =>
      one.targetVolume === undefined ? [] : [[one.targetVolume, one.name] as const],
    ),
  );
  if (moving.size === 0) throw failed("no active storage migration found");
  await rewrite(asked, (machine) => {
    const kept = templatesOf(machine).map(({ targetVolume: _gone, ...one }) => one);
    setTemplates(machine, kept);
    for (const volume of itemsAt(machine, ...TEMPLATE, "volumes")) {
      const source = moving.get(textAt(volume, "persistentVolumeClaim", "claimName") ?? "");
      if (source !== undefined) ensured(volume, "persistentVolumeClaim")["claimName"] = source;
    }
    delete machine.metadata.annotations?.["harvesterhci.io/waitingStorageMigration"];
    delete ensured(machine, "spec")["updateVolumesStrategy"];
  });
  return undefined;
};

export const deviceActions: Readonly<Record<string, Action>> = {
  addVolume,
  removeVolume,
  addNic,
  removeNic,
  findHotunpluggableNics: ({ object }) => ({ status: 200, body: { interfaces: removableNics(object) } }),
  insertCdRomVolume: insertCdRom,
  ejectCdRomVolume: ejectCdRom,
  storageMigration,
  cancelStorageMigration,
};
