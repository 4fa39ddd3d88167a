import { jsonPointer } from "../../../kernel/problem.ts";

const ofTheSystem =
  /^(?:[\w.-]*\.)?(?:kubernetes\.io|k8s\.io|cattle\.io|harvesterhci\.io|kubevirt\.io|longhorn\.io|rke2\.io|k3s\.io)\//;
/** Where operators may write although the prefix is the system's: where machines may go. */
const free = /^(?:topology\.kubernetes\.io\/(?:zone|region)|node\.longhorn\.io\/)/;
const bare = new Set(["cpumanager"]);

/** Pointers to the keys of a change by which Kubernetes and Harvester keep their own state. */
export function foreignKeys(change: {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
}): string[] {
  return (["labels", "annotations"] as const).flatMap((field) =>
    Object.keys(change[field])
      .filter((key) => bare.has(key) || (ofTheSystem.test(key) && !free.test(key)))
      .map((key) => jsonPointer([field, key])),
  );
}
