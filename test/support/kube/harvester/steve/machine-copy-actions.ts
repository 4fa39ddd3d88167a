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
import { cloneMachine } from "./clone-machine.ts";
import { orFailed, withoutAddresses } from "./copying.ts";
import { shortSuffix } from "./names.ts";

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

/** Snapshots are made as objects by whoever asks; the action itself does nothing. */
const snapshot: Action = () => undefined;

export const copyActions: Readonly<Record<string, Action>> = {
  backup,
  snapshot,
  restore,
  createTemplate,
  clone: cloneMachine,
};
