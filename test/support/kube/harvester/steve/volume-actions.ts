import type { KubeObject, SimRequest } from "../../words.ts";
import {
  all,
  annotation,
  find,
  kindOf,
  LONGHORN,
  machinesUsing,
  missing,
  provisionerOf,
  settingValue,
} from "../admission/look.ts";
import { isTrue } from "../machines/conditions.ts";
import { at, type Fields, fieldsAt, itemsAt, parsedText, textAt, textsAt } from "../machines/fields.ts";
import { ActionFault, failed, invalidBody } from "./action-fault.ts";
import { type Action, type Asked, create, inputOf, kube, mustHave } from "./asking.ts";
import { isSnapshottable } from "./machine-facts.ts";
import { kubePath } from "./steve-types.ts";

const IMAGE_ID = "harvesterhci.io/imageId";
const CLASS = "harvesterhci.io/storageClassName";
const PROVISIONER = "harvesterhci.io/storageProvisioner";

function isResizing(request: SimRequest, claim: KubeObject): boolean {
  return provisionerOf(request.world, claim) === LONGHORN && isTrue(claim, "Resizing");
}

/** The actions that a volume offers now. */
export function claimActionNames(request: SimRequest, claim: KubeObject): string[] {
  const { namespace, name } = claim.metadata;
  if (isResizing(request, claim)) return ["cancelExpand"];
  if (textAt(claim, "status", "phase") !== "Bound") return [];
  const attached = machinesUsing(request.world, namespace, name).length > 0;
  return [
    "export",
    "clone",
    ...(isSnapshottable(request, claim) ? ["snapshot"] : []),
    ...(attached ? [] : ["dataMigration"]),
  ];
}

function isImported(storageClass: KubeObject): boolean {
  const provisioner = textAt(storageClass, "provisioner");
  return provisioner !== LONGHORN || textsAt(storageClass, "parameters")["dataEngine"] === "v2";
}

/** The pods that mount a claim now. */
function podsUsing({ world, namespace, name }: Asked): string[] {
  return all(world, "pods", namespace)
    .filter((pod) => !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase") ?? ""))
    .filter((pod) =>
      itemsAt(pod, "spec", "volumes").some(
        (volume) => textAt(volume, "persistentVolumeClaim", "claimName") === name,
      ),
    )
    .map((pod) => `${namespace}/${pod.metadata.name}`);
}

function whyInUse(asked: Asked): string | undefined {
  const pods = podsUsing(asked);
  return pods.length === 0
    ? undefined
    : `PVC ${asked.name} is used by Pods [${pods.join(" ")}], cannot export volume when it's running`;
}

function targetClass(asked: Asked, name: string | undefined): KubeObject {
  if (name === undefined) throw invalidBody("parameter `storageClassName` is required");
  const found = find(asked.world, "storageclasses", undefined, name);
  if (found === undefined) {
    throw invalidBody(`get target StorageClass with Err: ${missing("storageclasses", name)}`);
  }
  return found;
}

const exportVolume: Action = async (asked) => {
  const input = await inputOf(asked);
  const { displayName } = mustHave(input, ["displayName"], "Parameter `displayName` is required");
  const { namespace } = mustHave(input, ["namespace"], "Parameter `namespace` is required");
  const target = targetClass(asked, textAt(input, "storageClassName"));
  const className = textAt(asked.object, "spec", "storageClassName") ?? "";
  const source = find(asked.world, "storageclasses", undefined, className);
  if (source === undefined) {
    throw invalidBody(`get PVC StorageClass with Err: ${missing("storageclasses", className)}`);
  }
  if (isImported(source) || isImported(target)) {
    const busy = whyInUse(asked);
    if (busy !== undefined) throw invalidBody(busy);
    if (isImported(source) && !isImported(target)) {
      throw invalidBody("CDI volume cannot be exported to a Longhorn v1 StorageClass");
    }
  }
  const image = await create(
    asked,
    { kind: kindOf(asked.world, "virtualmachineimages") },
    namespace,
    { generateName: "image-", annotations: { [CLASS]: target.metadata.name } },
    {
      spec: {
        backend: isImported(target) ? "cdi" : "backingimage",
        displayName,
        sourceType: "export-from-volume",
        pvcName: asked.name,
        pvcNamespace: asked.namespace,
        targetStorageClassName: target.metadata.name,
      },
    },
  );
  return { status: 200, body: image };
};

function copiedAnnotations(claim: KubeObject): Fields {
  const imageId = annotation(claim, IMAGE_ID);
  return imageId === undefined ? {} : { [IMAGE_ID]: imageId };
}

const clone: Action = async (asked) => {
  const { name } = mustHave(await inputOf(asked), ["name"], "Parameter `name` is required");
  const { accessModes, resources, storageClassName, volumeMode } = fieldsAt(asked.object, "spec");
  await create(
    asked,
    asked.type,
    asked.namespace,
    { name, annotations: copiedAnnotations(asked.object) },
    {
      spec: {
        accessModes,
        resources,
        storageClassName,
        volumeMode,
        dataSource: { kind: "PersistentVolumeClaim", name: asked.name },
      },
    },
  );
  return undefined;
};

const snapshot: Action = async (asked) => {
  const { name } = mustHave(await inputOf(asked), ["name"], "Parameter `name` is required");
  const { world, object, namespace } = asked;
  const provisioner = provisionerOf(world, object) ?? "";
  const drivers = parsedText(settingValue(world, "csi-driver-config"));
  const className = textAt(drivers, provisioner, "volumeSnapshotClassName");
  if (className === undefined) throw failed(`can not find csi driver info for ${provisioner}`);
  const metadata = {
    name,
    annotations: {
      [CLASS]: textAt(object, "spec", "storageClassName") ?? "",
      [PROVISIONER]: provisioner,
      ...copiedAnnotations(object),
    },
    ownerReferences: [
      { apiVersion: "v1", kind: "PersistentVolumeClaim", name: asked.name, uid: object.metadata.uid },
    ],
  };
  const spec = { source: { persistentVolumeClaimName: asked.name }, volumeSnapshotClassName: className };
  await create(asked, { kind: kindOf(world, "volumesnapshots") }, namespace, metadata, { spec });
  return undefined;
};

/** The claim is made anew at the size its volume has; the volume stays. */
const cancelExpand: Action = (asked) => {
  const { world, namespace, name, object } = asked;
  const user = machinesUsing(world, namespace, name)[0];
  if (user !== undefined) {
    throw failed(
      `can not operate the volume ${name} which is currently attached to VM: ${namespace}/${user.metadata.name}`,
    );
  }
  const size = at(object, "status", "capacity", "storage");
  if (size === undefined) throw failed(`PVC ${namespace}/${name} has no capacity yet`);
  world.store.edit(asked.type.kind, namespace, name, (claim) => {
    const spec = fieldsAt(claim, "spec");
    claim["spec"] = { ...spec, resources: { ...fieldsAt(spec, "resources"), requests: { storage: size } } };
    const kept = itemsAt(claim, "status", "conditions").filter((one) => one["type"] !== "Resizing");
    claim["status"] = { ...fieldsAt(claim, "status"), conditions: kept };
  });
  return undefined;
};

const dataMigration: Action = async (asked) => {
  const input = await inputOf(asked);
  const { targetVolumeName } = mustHave(
    input,
    ["targetVolumeName"],
    "Parameter `targetVolumeName` is required",
  );
  const { targetStorageClassName } = mustHave(
    input,
    ["targetStorageClassName"],
    "Parameter `targetStorageClassName` is required",
  );
  const { world, namespace, name, object } = asked;
  if (find(world, "storageclasses", undefined, targetStorageClassName) === undefined) {
    throw failed(
      `failed to get target StorageClass ${targetStorageClassName}: ${missing("storageclasses", targetStorageClassName)}`,
    );
  }
  if (find(world, "persistentvolumeclaims", namespace, targetVolumeName) !== undefined) {
    throw failed(`PVC ${namespace}/${targetVolumeName} already exists`);
  }
  const busy = whyInUse(asked);
  if (busy !== undefined) throw failed(`PVC ${namespace}/${name} is currently in use: ${busy}`);
  const requests = at(object, "spec", "resources", "requests");
  const spec = {
    source: { pvc: { name, namespace } },
    storage: { storageClassName: targetStorageClassName, resources: { requests } },
  };
  await create(
    asked,
    { kind: kindOf(world, "datavolumes") },
    namespace,
    { name: targetVolumeName },
    { spec },
  );
  return undefined;
};

export const claimActions: Readonly<Record<string, Action>> = {
  export: exportVolume,
  clone,
  snapshot,
  cancelExpand,
  dataMigration,
};

const restoreSnapshot: Action = async (asked) => {
  const input = await inputOf(asked);
  const { name } = mustHave(input, ["name"], "Parameter `name` is required");
  const { world, object, namespace } = asked;
  const from = annotation(object, CLASS);
  const className = textAt(input, "storageClassName") ?? from ?? "";
  const found = find(world, "storageclasses", undefined, className);
  if (found === undefined) {
    throw invalidBody(
      `Can not restore volume snapshot with a storageClass that does not exist: ${missing("storageclasses", className)}`,
    );
  }
  const provisioner = annotation(object, PROVISIONER);
  if (provisioner !== undefined && textAt(found, "provisioner") !== provisioner) {
    throw invalidBody("Can not use different provisioner for restoring volume snapshot");
  }
  const imageId = annotation(object, IMAGE_ID);
  if (imageId !== undefined && className !== from) {
    throw invalidBody("Can not use different storageClass for restoring image volume snapshot");
  }
  const size = at(object, "status", "restoreSize");
  if (size === undefined) throw new ActionFault(500, `volume snapshot ${asked.name} is not ready`);
  const kind = kindOf(world, "persistentvolumeclaims");
  await kube(asked, "POST", kubePath(kind, namespace), {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, annotations: copiedAnnotations(object) },
    spec: {
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: size } },
      storageClassName: className,
      volumeMode: "Block",
      dataSource: { kind: "VolumeSnapshot", name: asked.name, apiGroup: "snapshot.storage.k8s.io" },
    },
  });
  return undefined;
};

export const snapshotActions: Readonly<Record<string, Action>> = { restore: restoreSnapshot };
