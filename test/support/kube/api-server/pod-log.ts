import type { KubeObject, LogLine, SimResponse } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { isPod } from "./deletion.ts";
import { readPath } from "./json.ts";
import { Outflow } from "./outflow.ts";
import { badRequest } from "./status-error.ts";

/** Answers `pods/{name}/log`. @throws StatusError 400 404 */
export function podLog(
  cluster: Cluster,
  namespace: string,
  name: string,
  query: URLSearchParams,
): SimResponse {
  const { store, logs } = cluster;
  const pods = store.kindOf("", "pods");
  const pod = store.mustPeek(pods, namespace, name);
  const container = containerOf(pod, query.get("container"));
  const write = writerOf(query);
  const written =
    query.get("previous") === "true"
      ? logs.previous(namespace, name, container)
      : logs.lines(namespace, name, container);
  if (!written)
    throw badRequest(
      `previous terminated container "${query.get("container") ?? firstOf(pod)}" in pod "${name}" not found`,
    );
  const flow = new Outflow();
  for (const line of chosen(written, query, cluster.world.clock.now())) flow.push(write(line));
  if (query.get("follow") === "true" && isAlive(pod))
    follow(cluster, { namespace, name, container }, flow, write);
  else flow.end();
  return { status: 200, headers: { "content-type": "text/plain" }, body: flow };
}

function namesOf(pod: KubeObject): string[] {
  const containers = readPath(pod, "spec.containers");
  return Array.isArray(containers) ? containers.map((one) => String(readPath(one, "name"))) : [];
}

const firstOf = (pod: KubeObject) => namesOf(pod)[0] ?? "";

/** The container as the log store keeps it: the first one is kept without a name. */
function containerOf(pod: KubeObject, wanted: string | null): string | undefined {
  const names = namesOf(pod);
  const { name } = pod.metadata;
  if (wanted === null) {
    if (names.length < 2) return undefined;
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`,
    );
  }
  if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  return wanted === names[0] ? undefined : wanted;
}

function writerOf(query: URLSearchParams): (line: LogLine) => string {
  const stamped = query.get("timestamps") === "true";
  return ({ at, text }) => `${stamped ? `${new Date(at).toISOString()} ` : ""}${text}\n`;
}

function chosen(lines: readonly LogLine[], query: URLSearchParams, now: number): readonly LogLine[] {
  const seconds = query.get("sinceSeconds");
  const time = query.get("sinceTime");
  const from = seconds ? now - Number(seconds) * 1000 : time ? Date.parse(time) : Number.NEGATIVE_INFINITY;
  const recent = lines.filter(({ at }) => at >= from);
  const tail = query.get("tailLines");
  if (tail === null) return recent;
  return Number(tail) === 0 ? [] : recent.slice(-Number(tail));
}

function isAlive(pod: KubeObject): boolean {
  const phase = readPath(pod, "status.phase");
  return phase !== "Succeeded" && phase !== "Failed";
}

/** Goes on until the pod ends, is deleted, or the reader leaves. */
function follow(
  { store, logs }: Cluster,
  place: { namespace: string; name: string; container: string | undefined },
  flow: Outflow,
  write: (line: LogLine) => string,
): void {
  const stopLines = logs.onLine((line) => {
    const isOurs = line.namespace === place.namespace && line.pod === place.name;
    if (isOurs && line.container === (place.container ?? "")) flow.push(write(line));
  });
  const stopChanges = store.onChange(({ type, kind, object }) => {
    const { namespace, name } = object.metadata;
    if (!isPod(kind) || namespace !== place.namespace || name !== place.name) return;
    if (type === "DELETED" || !isAlive(object)) flow.end();
  });
  flow.onEnd(() => {
    stopLines();
    stopChanges();
  });
}
