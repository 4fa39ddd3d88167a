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
  const pod = store.mustPeek(store.kindOf("", "pods"), namespace, name);
  const containers = containersOf(pod, query.get("container"));
  const write = writerOf(query);
  const written = containers.flatMap((container) =>
    query.get("previous") === "true"
      ? (logs.previous(namespace, name, container) ?? [])
      : logs.lines(namespace, name, container),
  );
  written.sort((left, right) => left.order - right.order);
  if (query.get("previous") === "true" && written.length === 0) {
    throw badRequest(`previous terminated container "${containers.at(-1)}" in pod "${name}" not found`);
  }
  const flow = new Outflow();
  for (const line of chosen(written, query, cluster.world.clock.now())) flow.push(write(line));
  if (query.get("follow") === "true" && isAlive(pod)) {
    follow(cluster, { namespace, name, containers }, flow, write);
  } else flow.end();
  return { status: 200, headers: { "content-type": "text/plain" }, body: flow };
}

/** The names under which the log store keeps a container: the first one also goes by none. */
function containersOf(pod: KubeObject, wanted: string | null): string[] {
  const list = readPath(pod, "spec.containers");
  const names = Array.isArray(list) ? list.map((one) => String(readPath(one, "name"))) : [];
  const { name } = pod.metadata;
  const [first = ""] = names;
  if (wanted === null && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`,
    );
  }
  if (wanted !== null && !names.includes(wanted)) {
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  return wanted === null || wanted === first ? ["", first] : [wanted];
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
  place: { readonly namespace: string; readonly name: string; readonly containers: readonly string[] },
  flow: Outflow,
  write: (line: LogLine) => string,
): void {
  const stopLines = logs.onLine((line) => {
    const isOurs = line.namespace === place.namespace && line.pod === place.name;
    if (isOurs && place.containers.includes(line.container)) flow.push(write(line));
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
