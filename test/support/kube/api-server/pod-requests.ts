import type { SimRequest, SimResponse } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { deleteObject } from "./delete-object.ts";
import { isPod } from "./deletion.ts";
import { isRecord, readPath } from "./json.ts";
import { podLog } from "./pod-log.ts";
import { readObject } from "./read-body.ts";
import type { ResourcePath } from "./resource-path.ts";
import { badRequest, conflict, methodNotAllowed } from "./status-error.ts";
import type { Writer } from "./write-object.ts";

/** Answers what only pods have: their log, eviction and binding. */
export async function podSubresource(
  cluster: Cluster,
  place: ResourcePath & { readonly name: string },
  request: SimRequest,
  writer: Writer,
): Promise<SimResponse | undefined> {
  const { kind, namespace, name, subresource } = place;
  if (!isPod(kind)) return undefined;
  if (subresource === "log") {
    if (request.method !== "GET") throw methodNotAllowed();
    return podLog(cluster, namespace ?? "", name, request.query);
  }
  if (subresource !== "eviction" && subresource !== "binding") return undefined;
  if (request.method !== "POST") throw methodNotAllowed();
  const body = await readObject(request);
  const given = isRecord(body) ? body : {};
  if (subresource === "eviction") deleteObject(cluster, place, given["deleteOptions"], writer);
  else bind(cluster, place, given);
  return {
    status: 201,
    body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
  };
}

function bind(cluster: Cluster, place: ResourcePath & { readonly name: string }, binding: unknown): void {
  const node = readPath(binding, "target.name");
  if (typeof node !== "string" || node === "") throw badRequest("target.name: Required value");
  const { kind, namespace, name } = place;
  const bound = readPath(cluster.store.mustPeek(kind, namespace, name), "spec.nodeName");
  if (bound) throw conflict(kind, name, `pod ${name} is already assigned to node "${String(bound)}"`);
  cluster.store.edit(kind, namespace, name, (pod) => {
    pod["spec"] = { ...(isRecord(pod["spec"]) ? pod["spec"] : {}), nodeName: node };
  });
}
