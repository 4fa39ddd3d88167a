import { StatusError } from "../../api-server/status-error.ts";
import type { KubeObject, SimRequest, SimResponse } from "../../words.ts";
import { annotate, annotation, find } from "../admission/look.ts";
import { type Fields, fieldsOf, isFields, itemsAt, textAt } from "../machines/fields.ts";
import { isAllowed } from "./asking.ts";
import { baseOf, present, unwrapped } from "./present.ts";
import { kubePath, type SteveType } from "./steve-types.ts";

/** A refusal as the dialect says it. */
export function steveError(status: number, code: string, message: string): SimResponse {
  return { status, body: { type: "error", links: {}, code, message, status } };
}

/** What Kubernetes refused, in the dialect. */
function translated(answer: SimResponse): SimResponse {
  const reason = textAt(answer.body, "reason") ?? "ServerError";
  return steveError(answer.status, reason, textAt(answer.body, "message") ?? reason);
}

export interface Place {
  readonly type: SteveType;
  readonly namespace?: string;
  readonly name?: string;
}

const pathOf = ({ type, namespace, name }: Place) => kubePath(type.kind, namespace, name);
const PASSED = ["limit", "continue", "labelSelector", "fieldSelector", "resourceVersion"];

const asObject = (body: unknown) => fieldsOf(body) as unknown as KubeObject;

export async function listObjects(request: SimRequest, place: Place): Promise<SimResponse> {
  const { type } = place;
  const query = new URLSearchParams([...request.query].filter(([name]) => PASSED.includes(name)));
  const answer = await request.call({ method: "GET", path: `${pathOf(place)}?${query}` });
  if (answer.status >= 400) return translated(answer);
  const self = `${baseOf(request)}/v1/harvester/${type.plural}${place.namespace ? `/${place.namespace}` : ""}`;
  const group = type.kind.group;
  const mayCreate = isAllowed(request, { verb: "create", group, resource: type.kind.plural });
  const items = itemsAt(answer.body, "items");
  const next = textAt(answer.body, "metadata", "continue");
  const home = `${baseOf(request)}/v1/harvester/${type.plural}`;
  return {
    status: 200,
    body: {
      type: "collection",
      links: { self },
      createTypes: mayCreate ? { [type.id]: home } : {},
      actions: type.id === "harvesterhci.io.keypair" ? { keygen: `${home}?action=keygen` } : {},
      resourceType: type.id,
      revision: textAt(answer.body, "metadata", "resourceVersion") ?? "",
      ...(next === undefined ? {} : { continue: next }),
      count: items.length,
      data: items.map((item) => present(request, type, withKind(type, item))),
    },
  };
}

/** Items of a list do not name their kind. */
function withKind({ kind }: SteveType, item: Fields): KubeObject {
  const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  return asObject({ apiVersion, kind: kind.kind, ...item });
}

export async function getObject(request: SimRequest, place: Place): Promise<SimResponse> {
  const answer = await request.call({ method: "GET", path: pathOf(place) });
  if (answer.status >= 400) return translated(answer);
  return { status: 200, body: present(request, place.type, asObject(answer.body)) };
}

async function bodyOf(request: SimRequest, type: SteveType): Promise<Fields> {
  const body = await request.json();
  if (!isFields(body)) throw new StatusError({ ...NO_OBJECT });
  return unwrapped(type, body);
}

const NO_OBJECT = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: "Failed to parse body: the body is no object",
  reason: "InvalidBodyContent",
  code: 422,
} as const;

export async function createObject(request: SimRequest, place: Place): Promise<SimResponse> {
  const { type } = place;
  const body = await bodyOf(request, type);
  const said = textAt(body, "metadata", "namespace") ?? place.namespace ?? "default";
  const namespace = type.kind.namespaced ? said : undefined;
  const path = kubePath(type.kind, namespace);
  const answer = await request.call({ method: "POST", path, body });
  if (answer.status >= 400) return translated(answer);
  return { status: 201, body: present(request, type, asObject(answer.body)) };
}

export async function updateObject(request: SimRequest, place: Place): Promise<SimResponse> {
  const { type } = place;
  const patches = request.method === "PATCH";
  const body = patches ? await request.json() : await bodyOf(request, type);
  const contentType = request.headers["content-type"] ?? "application/merge-patch+json";
  const answer = await request.call({
    method: request.method,
    path: pathOf(place),
    body,
    ...(patches ? { contentType } : {}),
  });
  if (answer.status >= 400) return translated(answer);
  return { status: 200, body: present(request, type, asObject(answer.body)) };
}

/** The disks that go with a machine are noted on it; its controller removes their claims. */
function noteRemovedDisks(request: SimRequest, place: Place): void {
  const { type, namespace, name = "" } = place;
  if (type.id !== "kubevirt.io.virtualmachine") return;
  const { world, query } = request;
  const machine = world.store.find(type.kind, namespace, name);
  if (machine === undefined || !isAllowed(request, deletion(place))) return;
  const disks = query.getAll("removedDisks").flatMap((written) => written.split(","));
  const claims = itemsAt(machine, "spec", "template", "spec", "volumes")
    .filter((volume) => disks.includes(textAt(volume, "name") ?? ""))
    .flatMap((volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? [])
    .filter((claim) => {
      const found = find(world, "persistentvolumeclaims", namespace, claim);
      return annotation(found, "harvesterhci.io/goldenImage") !== "true";
    });
  world.store.edit(type.kind, namespace, name, (stored) =>
    annotate(stored, "harvesterhci.io/removedPersistentVolumeClaims", claims.join(",")),
  );
}

function deletion({ type, namespace, name }: Place) {
  const { group, plural } = type.kind;
  return {
    verb: "delete",
    group,
    resource: plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

export async function deleteObject(request: SimRequest, place: Place): Promise<SimResponse> {
  noteRemovedDisks(request, place);
  const answer = await request.call({ method: "DELETE", path: pathOf(place) });
  if (answer.status >= 400) return translated(answer);
  const left = await request.call({ method: "GET", path: pathOf(place) });
  if (left.status >= 400) return { status: 204 };
  return { status: 200, body: present(request, place.type, asObject(left.body)) };
}
