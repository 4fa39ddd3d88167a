import type { KubeObject, World } from "../../words.ts";
import { type Hindrance, stepClaim, volumeNameOf } from "../machines/claim.rules.ts";
import { isTrue } from "../machines/conditions.ts";
import { fieldsAt, flagAt, textAt, textsAt } from "../machines/fields.ts";
import { claimsOf } from "../machines/instance-spec.rules.ts";
import { isFinal } from "../machines/instance-status.rules.ts";
import { waitsForConsumer } from "./claims.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { makeVolume, removeVolume, resizeVolume } from "./longhorn-volume.ts";
import { editIfChanged, type Key, keyOf, reconciler } from "./reconciler.ts";

const protection = "kubernetes.io/pvc-protection";
const component = "driver.longhorn.io_csi-provisioner";

/** The instances that have a claim among their volumes. */
export function usersOf(world: World, claim: KubeObject): KubeObject[] {
  return world.store
    .list(kindIn(world, "instance"), claim.metadata.namespace)
    .filter((one) => !isFinal(one) && claimsOf(one["spec"]).includes(claim.metadata.name));
}

function sourceHindrance(world: World, claim: KubeObject): Hindrance {
  const source = fieldsAt(claim, "spec", "dataSource");
  const name = textAt(source, "name");
  if (name === undefined) return undefined;
  const { namespace } = claim.metadata;
  const kind = source["kind"] === "VolumeSnapshot" ? "volumeSnapshot" : "claim";
  const found = world.store.find(kindIn(world, kind), namespace, name);
  if (found === undefined)
    return {
      reason: "ProvisioningFailed",
      message: `failed to provision volume: error getting handle for DataSource Type ${source["kind"]} by Name ${name}: not found`,
    };
  const ready =
    kind === "volumeSnapshot"
      ? flagAt(found, "status", "readyToUse")
      : textAt(found, "status", "phase") === "Bound";
  return ready
    ? undefined
    : { reason: "Provisioning", message: `waiting for ${kind} ${name} to become ready` };
}

function imageHindrance(world: World, claim: KubeObject): Hindrance {
  const id = claim.metadata.annotations?.["harvesterhci.io/imageId"];
  if (id === undefined) return undefined;
  const [namespace, name] = id.split("/");
  const image = name === undefined ? undefined : world.store.find(kindIn(world, "image"), namespace, name);
  if (image === undefined)
    return { reason: "ProvisioningFailed", message: `failed to provision volume: image ${id} not found` };
  return isTrue(image, "Imported")
    ? undefined
    : { reason: "Provisioning", message: `waiting for image ${id} to be imported` };
}

/** Why a claim can't be bound yet. */
function hindranceOf(world: World, claim: KubeObject): Hindrance {
  const name = textAt(claim, "spec", "storageClassName");
  const known =
    name === undefined ? undefined : world.store.find(kindIn(world, "storageClass"), undefined, name);
  if (known === undefined)
    return {
      reason: "ProvisioningFailed",
      message: `storageclass.storage.k8s.io "${name ?? ""}" not found`,
    };
  if (waitsForConsumer(world, claim) && usersOf(world, claim).length === 0)
    return {
      reason: "WaitForFirstConsumer",
      message: "waiting for first consumer to be created before binding",
    };
  return imageHindrance(world, claim) ?? sourceHindrance(world, claim);
}

function bind(world: World, claim: KubeObject): void {
  makeVolume(world, claim);
  editIfChanged(world.store, kindIn(world, "claim"), keyOf(claim), (stored) => {
    stored["spec"] = { ...fieldsAt(stored, "spec"), volumeName: volumeNameOf(claim) };
    stored.metadata.annotations = {
      ...textsAt(stored, "metadata", "annotations"),
      "pv.kubernetes.io/bind-completed": "yes",
      "pv.kubernetes.io/bound-by-controller": "yes",
      "volume.kubernetes.io/storage-provisioner": "driver.longhorn.io",
    };
  });
}

/** A claim that something runs with stays until nothing does. */
function protect(world: World, key: Key, claim: KubeObject): void {
  const leaving = claim.metadata.deletionTimestamp !== undefined;
  if (leaving && usersOf(world, claim).length > 0) return;
  if (leaving) removeVolume(world, volumeNameOf(claim));
  editIfChanged(world.store, kindIn(world, "claim"), key, ({ metadata }) => {
    const others = (metadata.finalizers ?? []).filter((one) => one !== protection);
    metadata.finalizers = leaving ? others : [...others, protection];
  });
}

/** Binds claims to volumes, lets them grow, and keeps those that are in use. */
export const claimController = reconciler({
  name: "persistentvolumeclaims",
  watches: [
    watched("claim"),
    {
      ...watched("instance"),
      concerns: ({ object }) =>
        claimsOf(object["spec"]).map((name) => ({ namespace: object.metadata.namespace, name })),
    },
  ],
  reconcile(world, key) {
    const kind = kindIn(world, "claim");
    const claim = world.store.find(kind, key.namespace, key.name);
    if (claim === undefined) return undefined;
    protect(world, key, claim);
    const waits = textAt(claim, "status", "phase") !== "Bound";
    const step = stepClaim({
      claim,
      hindrance: waits ? hindranceOf(world, claim) : undefined,
      now: world.clock.now(),
    });
    if (step.bind === true) bind(world, claim);
    if (step.resizeTo !== undefined) resizeVolume(world, volumeNameOf(claim), step.resizeTo);
    const { status } = step;
    if (status !== undefined)
      editIfChanged(world.store, kind, key, (stored) => {
        stored["status"] = status;
      });
    for (const said of step.says ?? []) emit(world, claim, said, component);
    return step.againMs;
  },
});
