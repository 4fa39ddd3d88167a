import type { Kind, KubeObject, SimRequest } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import type { ObjectList } from "./object-list.ts";

/** How a client wants to see objects. */
export interface AnswerForm {
  one(object: KubeObject): unknown;
  list(list: ObjectList): unknown;
  event(object: KubeObject): unknown;
}

export function formOf(_cluster: Cluster, _kind: Kind, _request: SimRequest): AnswerForm {
  return { one: (object) => object, list: (list) => list, event: (object) => object };
}
