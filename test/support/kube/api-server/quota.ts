import type { AdmissionRequest, Kind, KubeObject, Store } from "../words.ts";
import { isPod } from "./deletion.ts";
import { isRecord, readPath } from "./json.ts";
import { resourceKey } from "./kinds.ts";
import { quantityOf, quantityText } from "./quantity.ts";
import { forbidden } from "./status-error.ts";

/** Amounts by the names that a quota's `hard` uses. */
export type Amounts = Readonly<Record<string, number>>;

/** @throws StatusError 403 `exceeded quota: …` when the write asks for more than a quota of its namespace leaves */
export function mustFitQuota(request: AdmissionRequest): void {
  const { operation, kind, object, old, world } = request;
  const { namespace, name } = object.metadata;
  if (operation === "DELETE" || !kind.namespaced || namespace === undefined) return;
  const wanted = usageOf(kind, object);
  const before = old ? usageOf(kind, old) : {};
  for (const quota of world.store.list(world.store.kindOf("", "resourcequotas"), namespace)) {
    const hard = hardOf(quota);
    const used = usedIn(world.store, namespace, Object.keys(hard));
    const over = Object.keys(hard).filter((key) => {
      const more = (wanted[key] ?? 0) - (before[key] ?? 0);
      return more > 0 && (used[key] ?? 0) + more > (hard[key] ?? 0);
    });
    if (over.length === 0) continue;
    const list = (amount: (key: string) => number) =>
      over.map((key) => `${key}=${quantityText(amount(key))}`).join(",");
    throw forbidden(
      kind,
      name,
      `exceeded quota: ${quota.metadata.name}, requested: ${list((key) => (wanted[key] ?? 0) - (before[key] ?? 0))}, used: ${list((key) => used[key] ?? 0)}, limited: ${list((key) => hard[key] ?? 0)}`,
    );
  }
}

export function hardOf(quota: KubeObject): Amounts {
  const hard = readPath(quota, "spec.hard");
  return isRecord(hard) ? amountsOf(hard) : {};
}

function amountsOf(record: Readonly<Record<string, unknown>>): Amounts {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, quantityOf(value) ?? 0]));
}

/** What the objects of a namespace use of these things. */
export function usedIn(store: Store, namespace: string, keys: readonly string[]): Amounts {
  const used: Record<string, number> = Object.fromEntries(keys.map((key) => [key, 0]));
  for (const kind of COUNTED.map(([group, plural]) => store.kindOf(group, plural))) {
    for (const object of store.list(kind, namespace)) {
      for (const [key, amount] of Object.entries(usageOf(kind, object))) {
        if (key in used) used[key] = (used[key] ?? 0) + amount;
      }
    }
  }
  return used;
}

const COUNTED = [
  ["", "pods"],
  ["", "persistentvolumeclaims"],
  ["", "services"],
  ["", "secrets"],
  ["", "configmaps"],
  ["", "resourcequotas"],
  ["batch", "jobs"],
  ["apps", "deployments"],
] as const;

function usageOf(kind: Kind, object: KubeObject): Amounts {
  const counted = {
    [kind.plural]: 1,
    [`count/${kind.plural}${kind.group === "" ? "" : `.${kind.group}`}`]: 1,
  };
  if (isPod(kind)) return isOver(object) ? {} : { ...counted, ...podUsage(object) };
  if (resourceKey(kind) !== "/persistentvolumeclaims") return counted;
  const storage = quantityOf(readPath(object, "spec.resources.requests.storage")) ?? 0;
  const storageClass = readPath(object, "spec.storageClassName");
  const ofClass = `${String(storageClass)}.storageclass.storage.k8s.io`;
  return {
    ...counted,
    "requests.storage": storage,
    ...(storageClass
      ? { [`${ofClass}/requests.storage`]: storage, [`${ofClass}/persistentvolumeclaims`]: 1 }
      : {}),
  };
}

function isOver(pod: KubeObject): boolean {
  const phase = readPath(pod, "status.phase");
  return phase === "Succeeded" || phase === "Failed";
}

function podUsage(pod: KubeObject): Amounts {
  const total: Record<string, number> = {};
  const containers = readPath(pod, "spec.containers");
  for (const container of Array.isArray(containers) ? containers : []) {
    for (const side of ["requests", "limits"]) {
      const limits = readPath(container, "resources.limits");
      const own = readPath(container, `resources.${side}`);
      const amounts = { ...(isRecord(limits) ? limits : {}), ...(isRecord(own) ? own : {}) };
      for (const [key, amount] of Object.entries(amountsOf(amounts))) {
        total[`${side}.${key}`] = (total[`${side}.${key}`] ?? 0) + amount;
        if (side === "requests" && (key === "cpu" || key === "memory"))
          total[key] = (total[key] ?? 0) + amount;
      }
    }
  }
  return total;
}
