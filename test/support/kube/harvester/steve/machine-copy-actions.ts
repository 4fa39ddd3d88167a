import type { KubeObject } from "../../words.ts";
import { currentTarget } from "../admission/backup-target.ts";
import {
  annotation,
  CLAIM_TEMPLATES,
  claimTemplates,
  ensured,
  find,
  kindOf,
  missing,
} from "../admission/look.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, textAt } from "../machines/fields.ts";
import { ActionFault, failed, invalidBody } from "./action-fault.ts";
import { type Action, type Asked, create, inputOf, mustHave } from "./asking.ts";
import { shortSuffix } from "./names.ts";

const TEMPLATE = ["spec", "template", "spec"] as const;
const IMAGE_ID = "harvesterhci.io/imageId";

function mustHaveTarget({ world }: Asked): void {
  const setting = find(world, "settings", undefined, "backup-target");
  const refused = itemsAt(setting, "status", "conditions").some(
    (one) => one["type"] === "configured" && one["status"] === "False",
  );
  if (refused || currentTarget(world) === "unset") throw failed("backup target is invalid");
}

const machineReference = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });

const backup: Action = async (asked) => {
  const input = await inputOf(asked);
  const { name } = mustHave(input, ["name"], "Parameter `name` is required");
  const deadline = textAt(input, "fsFreezeDeadline");
  if (deadline?.startsWith("-")) throw invalidBody("Parameter `fsFreezeDeadline` must not be negative");
  mustHaveTarget(asked);
  const spec = {
    source: machineReference(asked.name),
    type: "backup",
    ...(deadline === undefined ? {} : { fsFreezeDeadline: deadline }),
  };
  await orFailed("failed to create VM backup, error:", () =>
    create(
      asked,
      { kind: kindOf(asked.world, "virtualmachinebackups") },
      asked.namespace,
      { name },
      { spec },
    ),
  );
  return undefined;
};

/** What goes wrong inside is told with a few words before it, as 500. */
async function orFailed<T>(words: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ActionFault)) throw error;
    throw failed(`${words} ${error.message}`);
  }
}

const restore: Action = async (asked) => {
  const input = await inputOf(asked);
  const needed = "Parameter name and backupName are required";
  const { name, backupName } = mustHave(input, ["name", "backupName"], needed);
  mustHaveTarget(asked);
  const { world, namespace } = asked;
  if (find(world, "virtualmachinebackups", namespace, backupName) === undefined) {
    throw new ActionFault(404, missing("virtualmachinebackups", backupName));
  }
  const spec = {
    target: machineReference(asked.name),
    virtualMachineBackupNamespace: namespace,
    virtualMachineBackupName: backupName,
    newVM: false,
    ...(flagAt(input, "keepMacAddress") ? { keepMacAddress: true } : {}),
    ...(flagAt(input, "haltAfterRestore") ? { haltAfterRestore: true } : {}),
  };
  await orFailed("failed to create restore, error:", () =>
    create(asked, { kind: kindOf(world, "virtualmachinerestores") }, namespace, { name }, { spec }),
  );
  return undefined;
};

/** A machine's spec without what belongs to that machine alone. */
function withoutAddresses(machine: KubeObject): Fields {
  const copy = structuredClone(machine);
  for (const nic of itemsAt(copy, ...TEMPLATE, "domain", "devices", "interfaces")) delete nic["macAddress"];
  return fieldsAt(copy, "spec");
}

/** The claims of a template version: with data they are made from images of the volumes as they are. */
async function claimsOfVersion(asked: Asked, version: string, withData: boolean): Promise<Fields[]> {
  const { world, namespace, object } = asked;
  const claims: Fields[] = [];
  for (const [index, { fields }] of claimTemplates(object).entries()) {
    const source = textAt(fields, "metadata", "name") ?? "";
    const name = `templateversion-${version}-disk-${index}`;
    const spec = structuredClone(fieldsAt(fields, "spec"));
    if (!withData) {
      const imageId = annotation(fields, IMAGE_ID);
      const annotations = imageId === undefined ? {} : { annotations: { [IMAGE_ID]: imageId } };
      claims.push({ metadata: { name, ...annotations }, spec });
      continue;
    }
    const imageName = `templateversion-${version}-image-${index}`;
    const image = { kind: kindOf(world, "virtualmachineimages") };
    await create(
      asked,
      image,
      namespace,
      { name: imageName },
      {
        spec: {
          displayName: imageName,
          sourceType: "export-from-volume",
          pvcName: source,
          pvcNamespace: namespace,
        },
      },
    );
    const annotations = { [IMAGE_ID]: `${namespace}/${imageName}` };
    claims.push({ metadata: { name, annotations }, spec });
  }
  return claims;
}

const createTemplate: Action = async (asked) => {
  const input = await inputOf(asked);
  const { name } = mustHave(input, ["name"], "Template name is required");
  const { world, namespace, object } = asked;
  const description = textAt(input, "description") ?? "";
  const version = `${name}-${shortSuffix(world)}`;
  await create(
    asked,
    { kind: kindOf(world, "virtualmachinetemplates") },
    namespace,
    { name },
    {
      spec: { defaultVersionId: "", description },
    },
  );
  const claims = await claimsOfVersion(asked, version, flagAt(input, "withData"));
  const spec = withoutAddresses(object);
  let index = 0;
  for (const volume of itemsAt(spec, "template", "spec", "volumes")) {
    const claim = claims[index];
    if (at(volume, "persistentVolumeClaim") === undefined || claim === undefined) continue;
    ensured(volume, "persistentVolumeClaim")["claimName"] = textAt(claim, "metadata", "name");
    index += 1;
  }
  const annotations = claims.length === 0 ? {} : { [CLAIM_TEMPLATES]: JSON.stringify(claims) };
  const keys: unknown = JSON.parse(
    annotation(at(object, "spec", "template"), "harvesterhci.io/sshNames") ?? "[]",
  );
  await create(
    asked,
    { kind: kindOf(world, "virtualmachinetemplateversions") },
    namespace,
    { name: version },
    {
      spec: {
        templateId: `${namespace}/${name}`,
        description: `Template drived from virtual machine [${namespace}/${asked.name}]`,
        keyPairIds: Array.isArray(keys) ? keys.map(String) : [],
        vm: { metadata: { annotations }, spec },
      },
    },
  );
  return undefined;
};

const COPIED = ["harvesterhci.io/reservedMemory", "harvesterhci.io/enableCPUAndMemoryHotplug"];

interface CopiedVolumes {
  readonly claims: Fields[];
  /** New names of secrets by the old ones. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Points a copy's volumes at claims and secrets of its own. */
function copyVolumes(asked: Asked, target: string, spec: Fields): CopiedVolumes {
  const { world, namespace } = asked;
  const claims: Fields[] = [];
  const secrets = new Map<string, string>();
  const renamed = (name: string, prefix: string) => {
    const known = secrets.get(name) ?? `${prefix}-${shortSuffix(world)}`;
    secrets.set(name, known);
    return known;
  };
  for (const volume of itemsAt(spec, "template", "spec", "volumes")) {
    const claimName = textAt(volume, "persistentVolumeClaim", "claimName");
    if (claimName !== undefined) {
      const claim = copyOfClaim(
        asked,
        claimName,
        `${target}-${textAt(volume, "name")}-${shortSuffix(world)}`,
      );
      claims.push(claim);
      ensured(volume, "persistentVolumeClaim")["claimName"] = textAt(claim, "metadata", "name");
    } else if (volume["cloudInitNoCloud"] !== undefined) {
      for (const key of ["secretRef", "networkDataSecretRef"]) {
        const name = textAt(volume, "cloudInitNoCloud", key, "name");
        if (name !== undefined) ensured(volume, "cloudInitNoCloud", key)["name"] = renamed(name, target);
      }
    } else if (volume["secret"] !== undefined) {
      const name = textAt(volume, "secret", "secretName") ?? "";
      ensured(volume, "secret")["secretName"] = renamed(name, "clone");
    } else if (volume["containerDisk"] === undefined) {
      throw failed(
        `clone volumes error for new vm ${namespace}/${target}, err invalid volume ${textAt(volume, "name")}, only support PersistentVolumeClaim, CloudInitNoCloud, Secret, and ContainerDisk`,
      );
    }
  }
  return { claims, secrets };
}

function copyOfClaim({ world, namespace }: Asked, source: string, name: string): Fields {
  const claim = find(world, "persistentvolumeclaims", namespace, source);
  if (claim === undefined) {
    throw failed(`cannot get pvc ${source}, err: ${missing("persistentvolumeclaims", source)}`);
  }
  const { accessModes, resources, storageClassName, volumeMode } = fieldsAt(claim, "spec");
  const imageId = annotation(claim, IMAGE_ID);
  return {
    metadata: { name, annotations: imageId === undefined ? {} : { [IMAGE_ID]: imageId } },
    spec: {
      accessModes,
      dataSource: { kind: "PersistentVolumeClaim", name: source },
      resources,
      storageClassName,
      volumeMode,
    },
  };
}

async function copySecrets(asked: Asked, made: Fields, secrets: ReadonlyMap<string, string>): Promise<void> {
  const { world, namespace } = asked;
  const owner = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    name: textAt(made, "metadata", "name"),
    uid: textAt(made, "metadata", "uid"),
  };
  for (const [from, to] of secrets) {
    const secret = find(world, "secrets", namespace, from);
    if (secret === undefined) {
      throw failed(`cannot get secret ${namespace}/${from}, err: ${missing("secrets", from)}`);
    }
    await create(
      asked,
      { kind: kindOf(world, "secrets") },
      namespace,
      { name: to, ownerReferences: [owner] },
      {
        data: secret["data"],
        type: secret["type"],
      },
    );
  }
}

const clone: Action = async (asked) => {
  const input = await inputOf(asked);
  const { targetVm } = mustHave(input, ["targetVm"], "Parameter targetVm are required");
  const { namespace, object, world } = asked;
  const spec = withoutAddresses(object);
  const strategy = textAt(input, "runStrategy");
  if (strategy !== undefined) spec["runStrategy"] = strategy;
  ensured(spec, "template", "spec")["hostname"] = targetVm;
  ensured(spec, "template", "metadata", "labels")["harvesterhci.io/vmName"] = targetVm;
  const { claims, secrets } = copyVolumes(asked, targetVm, spec);
  const kept = COPIED.flatMap((name) => {
    const value = annotation(object, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const metadata = {
    name: targetVm,
    labels: object.metadata.labels ?? {},
    annotations: {
      ...Object.fromEntries(kept),
      ...(claims.length === 0 ? {} : { [CLAIM_TEMPLATES]: JSON.stringify(claims) }),
    },
  };
  const made = await orFailed(`cannot create new VM ${namespace}/${targetVm}, err:`, () =>
    create(asked, { kind: kindOf(world, "virtualmachines") }, namespace, metadata, { spec }),
  );
  await copySecrets(asked, made, secrets);
  return undefined;
};

/** Snapshots are made as objects by whoever asks; the action itself does nothing. */
const snapshot: Action = () => undefined;

export const copyActions: Readonly<Record<string, Action>> = {
  backup,
  snapshot,
  restore,
  createTemplate,
  clone,
};
