import { annotation, CLAIM_TEMPLATES, ensured, find, kindOf, missing } from "../admission/look.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "../machines/fields.ts";
import { failed } from "./action-fault.ts";
import { type Action, type Asked, create, inputOf, mustHave } from "./asking.ts";
import { orFailed, withoutAddresses } from "./copying.ts";
import { shortSuffix } from "./names.ts";

const IMAGE_ID = "harvesterhci.io/imageId";
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

/** A machine like another, over claims and secrets of its own. */
export const cloneMachine: Action = async (asked) => {
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
