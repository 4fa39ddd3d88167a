import type { KubeObject, World } from "../../words.ts";
import { withConditions } from "../machines/conditions.ts";
import { fieldsAt, itemsAt, numberAt, textAt, textsAt } from "../machines/fields.ts";
import { stamp } from "../machines/stamp.ts";
import { emit, shortHash } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { make, ownedBy } from "./make.ts";
import { editIfChanged, type Key, reconciler } from "./reconciler.ts";

const component = "job-controller";

function podsOf(world: World, job: KubeObject): KubeObject[] {
  return world.store
    .list(kindIn(world, "pod"), job.metadata.namespace)
    .filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
}

function startPod(world: World, job: KubeObject, tries: number): void {
  const template = fieldsAt(job, "spec", "template");
  const name = `${job.metadata.name}-${shortHash(job.metadata.uid, `${tries}`).slice(0, 5)}`;
  const words = Object.entries(job.metadata.annotations ?? {}).filter(([one]) => one.startsWith("sim.maru/"));
  make(
    world,
    "pod",
    {
      name,
      namespace: job.metadata.namespace,
      labels: {
        ...textsAt(template, "metadata", "labels"),
        "job-name": job.metadata.name,
        "batch.kubernetes.io/job-name": job.metadata.name,
      },
      annotations: { ...textsAt(template, "metadata", "annotations"), ...Object.fromEntries(words) },
      ownerReferences: [ownedBy(job)],
    },
    { spec: fieldsAt(template, "spec"), status: { phase: "Pending" } },
  );
  emit(
    world,
    job,
    { type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${name}` },
    component,
  );
}

function report(
  world: World,
  key: Key,
  job: KubeObject,
  pods: readonly KubeObject[],
  end: "Complete" | "Failed" | undefined,
): void {
  const count = (phase: string) => pods.filter((pod) => textAt(pod, "status", "phase") === phase).length;
  const now = world.clock.now();
  editIfChanged(world.store, kindIn(world, "job"), key, (stored) => {
    const before = fieldsAt(stored, "status");
    const list = itemsAt(stored, "status", "conditions");
    const why = "Job has reached the specified backoff limit";
    const condition =
      end === "Failed"
        ? ({ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: why } as const)
        : ({ type: "Complete", status: "True" } as const);
    stored["status"] = {
      ...before,
      startTime: before["startTime"] ?? stamp(now),
      active: count("Pending") + count("Running"),
      succeeded: count("Succeeded"),
      failed: count("Failed"),
      ...(end === undefined ? {} : { conditions: withConditions(list, [condition], now) }),
      ...(end === "Complete" ? { completionTime: before["completionTime"] ?? stamp(now) } : {}),
    };
  });
  if (end === "Complete")
    emit(world, job, { type: "Normal", reason: "Completed", message: "Job completed" }, component);
  if (end === "Failed")
    emit(
      world,
      job,
      {
        type: "Warning",
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      },
      component,
    );
}

/** Runs jobs: pods one after the other until one succeeds or too many failed. */
export const jobController = reconciler({
  name: "jobs",
  watches: [
    watched("job"),
    {
      ...watched("pod"),
      concerns: ({ object }) =>
        (object.metadata.ownerReferences ?? [])
          .filter(({ kind }) => kind === "Job")
          .map(({ name }) => ({ namespace: object.metadata.namespace, name })),
    },
  ],
  reconcile(world, key) {
    const job = world.store.find(kindIn(world, "job"), key.namespace, key.name);
    if (job === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
    if (itemsAt(job, "status", "conditions").some((one) => one["status"] === "True")) return undefined;
    const pods = podsOf(world, job);
    const phases = pods.map((pod) => textAt(pod, "status", "phase"));
    const succeeded = phases.filter((phase) => phase === "Succeeded").length;
    const failed = phases.filter((phase) => phase === "Failed").length;
    const wanted = numberAt(job, "spec", "completions") ?? 1;
    const limit = numberAt(job, "spec", "backoffLimit") ?? 6;
    const end = succeeded >= wanted ? "Complete" : failed > limit ? "Failed" : undefined;
    if (end === undefined && succeeded + failed === pods.length) startPod(world, job, pods.length);
    report(world, key, job, podsOf(world, job), end);
    return undefined;
  },
});
