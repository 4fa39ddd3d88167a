import type { KubeObject } from "../../words.ts";
import { durations } from "./durations.ts";
import { numberAt, textAt } from "./fields.ts";
import { spread } from "./guest.rules.ts";
import type { Said } from "./said.ts";
import { instantOf } from "./stamp.ts";

export type Robustness = "healthy" | "degraded" | "faulted" | "unknown";

export interface VolumeFacts {
  readonly volume: KubeObject;
  readonly replicas: readonly KubeObject[];
  /** Storage nodes, by name: whether they answer. */
  readonly nodes: ReadonlyMap<string, boolean>;
  /** Where the guest runs that has the volume; undefined when none does. */
  readonly attachedTo: string | undefined;
  readonly now: number;
}

/** What Longhorn does with the copies of a volume. */
export interface VolumeStep {
  readonly state: "attached" | "detached";
  readonly robustness: Robustness;
  readonly node: string;
  /** Copies that can't be reached any more. */
  readonly fail: readonly string[];
  /** Copies that are whole now. */
  readonly heal: readonly string[];
  /** Copies of no more use. */
  readonly remove: readonly string[];
  /** Nodes that get a new copy. */
  readonly rebuildOn: readonly string[];
  readonly says: readonly Said[];
  readonly againMs?: number;
}

export const degradeAnnotation = "sim.maru/degrade";

const nodeOf = (replica: KubeObject) => textAt(replica, "spec", "nodeID") ?? "";
const hasFailed = (replica: KubeObject) => textAt(replica, "spec", "failedAt") !== undefined;
const isWhole = (replica: KubeObject) =>
  !hasFailed(replica) && textAt(replica, "spec", "healthyAt") !== undefined;

export function copiesWanted(volume: unknown): number {
  return numberAt(volume, "spec", "numberOfReplicas") ?? 3;
}

/** Where the copies of a volume go: nodes that answer, in an order that the volume's name decides. */
export function nodesForCopies(volume: string, nodes: ReadonlyMap<string, boolean>): string[] {
  return [...nodes]
    .filter(([, answers]) => answers)
    .map(([name]) => name)
    .sort((a, b) => spread(`${volume}/${a}`, 1 << 16) - spread(`${volume}/${b}`, 1 << 16));
}

function wholeAt(replica: KubeObject): number {
  return (instantOf(replica.metadata.creationTimestamp) ?? 0) + durations.replicaRebuild;
}

function robustnessOf(attached: boolean, whole: number, wanted: number): Robustness {
  if (whole === 0) return "faulted";
  if (!attached) return "unknown";
  return whole < wanted ? "degraded" : "healthy";
}

const changes: Readonly<Record<Robustness, Said | undefined>> = {
  healthy: { type: "Normal", reason: "Healthy", message: "became healthy" },
  degraded: { type: "Normal", reason: "Degraded", message: "became degraded" },
  faulted: { type: "Warning", reason: "Faulted", message: "became faulted" },
  unknown: undefined,
};

function said(volume: KubeObject, robustness: Robustness, rebuilding: readonly string[]): Said[] {
  const before = textAt(volume, "status", "robustness");
  const change =
    before === robustness || (before === undefined && robustness === "healthy")
      ? undefined
      : changes[robustness];
  const list: Said[] = rebuilding.map((node) => ({
    type: "Normal",
    reason: "Rebuilding",
    message: `Start rebuilding replica on node ${node} for volume ${volume.metadata.name}`,
  }));
  if (change !== undefined)
    list.push({ ...change, message: `volume ${volume.metadata.name} ${change.message}` });
  return list;
}

/** One look at a volume and its copies. */
export function stepVolume(facts: VolumeFacts): VolumeStep {
  const { volume, replicas, nodes, attachedTo, now } = facts;
  const attached = attachedTo !== undefined;
  const answers = (replica: KubeObject) => nodes.get(nodeOf(replica)) === true;
  const told = volume.metadata.annotations?.[degradeAnnotation];
  const whole = replicas.filter(isWhole);
  const broken = told === undefined || told === "false" ? [] : told === "all" ? whole : whole.slice(0, 1);
  const fail = [...new Set([...whole.filter((one) => !answers(one)), ...broken])];
  const left = whole.filter((one) => !fail.includes(one));
  const failed = replicas.filter(hasFailed);
  // Copies that failed only because their node fell silent are as good as before when all others are gone too.
  const salvage = left.length === 0 && told === undefined ? failed.filter(answers) : [];
  const rebuilding = replicas.filter((one) => !hasFailed(one) && !isWhole(one));
  const heal = [
    ...rebuilding.filter((one) => answers(one) && left.length > 0 && now >= wholeAt(one)),
    ...salvage,
  ];
  const count = left.length + heal.length;
  const wanted = copiesWanted(volume);
  const taken = new Set([...left, ...rebuilding, ...salvage].map(nodeOf));
  const missing =
    attached && count > 0 && told === undefined
      ? wanted - left.length - rebuilding.length - salvage.length
      : 0;
  const rebuildOn = nodesForCopies(volume.metadata.name, nodes)
    .filter((node) => !taken.has(node))
    .slice(0, Math.max(0, missing));
  const robustness = robustnessOf(attached, count, wanted);
  const waits = rebuilding.filter((one) => !heal.includes(one)).map((one) => wholeAt(one) - now);
  const againMs =
    rebuildOn.length > 0 ? durations.replicaRebuild : waits.length > 0 ? Math.min(...waits) : undefined;
  return {
    state: attached ? "attached" : "detached",
    robustness,
    node: attachedTo ?? "",
    fail: fail.map(({ metadata }) => metadata.name),
    heal: heal.map(({ metadata }) => metadata.name),
    remove: failed
      .filter((one) => answers(one) && !salvage.includes(one) && count >= 1 && attached)
      .map(({ metadata }) => metadata.name),
    rebuildOn,
    says: said(volume, robustness, rebuildOn),
    ...(againMs === undefined ? {} : { againMs: Math.max(againMs, durations.notice) }),
  };
}
