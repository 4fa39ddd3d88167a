import type { KubeObject, SimRequest } from "../../words.ts";
import { type Fields, fieldsAt, textAt } from "../machines/fields.ts";
import { actionNames } from "./actions.ts";
import { isAllowed } from "./asking.ts";
import { kubePath, type SteveType } from "./steve-types.ts";

/** Where the API is, as the one who asks sees it. */
export function baseOf({ headers, incoming }: SimRequest): string {
  const secure = "encrypted" in incoming.socket;
  return `${secure ? "https" : "http"}://${headers["host"] ?? "127.0.0.1"}`;
}

export const idOf = ({ metadata: { namespace, name } }: KubeObject) =>
  namespace === undefined ? name : `${namespace}/${name}`;

function linksOf(request: SimRequest, type: SteveType, object: KubeObject): Record<string, string> {
  const { kind } = type;
  const { namespace, name } = object.metadata;
  const self = `${baseOf(request)}/v1/harvester/${type.plural}/${idOf(object)}`;
  const may = (verb: string) =>
    isAllowed(request, {
      verb,
      group: kind.group,
      resource: kind.plural,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
  return {
    ...(may("patch") ? { patch: self } : {}),
    ...(may("delete") ? { remove: self } : {}),
    self,
    ...(may("update") && type.id !== "harvesterhci.io.keypair" ? { update: self } : {}),
    view: `${baseOf(request)}${kubePath(kind, namespace, name)}`,
    ...(type.id === "harvesterhci.io.virtualmachineimage"
      ? { download: `${self}/download`, downloadcancel: `${self}/downloadcancel` }
      : {}),
    ...(type.id === "harvesterhci.io.upgradelog" ? { downloadArchive: `${self}/downloadArchive` } : {}),
  };
}

/** How an object is doing, in one word. */
function stateOf(object: KubeObject): Fields {
  const status = fieldsAt(object, "status");
  const said =
    textAt(status, "printableStatus") ?? textAt(status, "phase") ?? textAt(status, "state") ?? "active";
  const leaving = object.metadata.deletionTimestamp !== undefined;
  const name = leaving ? "removing" : said.toLowerCase();
  const moving = ["provisioning", "starting", "stopping", "migrating", "pending", "terminating"];
  return {
    error: ["failed", "crashloopbackoff", "errorunschedulable", "lost"].includes(name),
    message: "",
    name,
    transitioning: leaving || moving.includes(name),
  };
}

/** An object in the dialect: with what can be done with it now, and where. */
export function present(request: SimRequest, type: SteveType, object: KubeObject): Fields {
  const self = `${baseOf(request)}/v1/harvester/${type.plural}/${idOf(object)}`;
  const actions = actionNames(request, type, object).map((name) => [name, `${self}?action=${name}`]);
  return {
    id: idOf(object),
    type: type.id,
    links: linksOf(request, type, object),
    actions: Object.fromEntries(actions),
    ...object,
    metadata: { ...object.metadata, relationships: null, state: stateOf(object) },
  };
}

/** A Kubernetes object out of one of the dialect. */
export function unwrapped(type: SteveType, body: Fields): Fields {
  const { id: _id, type: _type, links: _links, actions: _actions, ...object } = body;
  const { relationships: _related, state: _state, fields: _fields, ...metadata } = fieldsAt(body, "metadata");
  const { kind } = type;
  return {
    ...object,
    apiVersion: kind.group === "" ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata,
  };
}
