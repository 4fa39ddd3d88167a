import type { Column, Kind, KubeObject, SimRequest } from "../words.ts";
import type { Json } from "./json.ts";
import { readPath } from "./json.ts";
import { apiVersionOf } from "./kinds.ts";
import type { ObjectList } from "./object-list.ts";
import { refuse } from "./status-error.ts";

/** How a client wants to see objects. */
export interface AnswerForm {
  one(object: KubeObject): unknown;
  list(list: ObjectList): unknown;
  /** The object of a watch event. */
  event(object: KubeObject): unknown;
}

const META = "meta.k8s.io/v1";

/** Reads `Accept`: objects themselves, tables for people, or metadata alone. @throws StatusError 406 */
export function formOf(kind: Kind, request: SimRequest, now: number): AnswerForm {
  const wishes = (request.headers["accept"] ?? "*/*").split(",").map((wish) => wish.trim());
  for (const wish of wishes) {
    const [type = "", ...parameters] = wish.split(";").map((part) => part.trim());
    if (!["application/json", "application/*", "*/*"].includes(type)) continue;
    const as = parameters.find((one) => one.startsWith("as="))?.slice(3);
    const isV1 = parameters.every((one) => !one.startsWith("v=") || one === "v=v1");
    if (as === undefined) return plainForm(kind);
    if (as === "Table" && isV1) return tableForm(kind, now, request.query.get("includeObject"));
    if (as.startsWith("PartialObjectMetadata") && isV1) return metadataForm;
  }
  throw refuse(
    406,
    "NotAcceptable",
    "only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1",
  );
}

/** An object is stored in one version and read in the one that was asked for. */
function plainForm(kind: Kind): AnswerForm {
  const apiVersion = apiVersionOf(kind);
  const one = (object: KubeObject) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion });
  return { one, list: (list) => ({ ...list, items: list.items.map(one) }), event: one };
}

function metadataOf(object: KubeObject): Json {
  return { kind: "PartialObjectMetadata", apiVersion: META, metadata: object.metadata };
}

const metadataForm: AnswerForm = {
  one: metadataOf,
  list: ({ metadata, items }) => ({
    kind: "PartialObjectMetadataList",
    apiVersion: META,
    metadata,
    items: items.map(metadataOf),
  }),
  event: metadataOf,
};

function tableForm(kind: Kind, now: number, include: string | null): AnswerForm {
  const columns: readonly Column[] = [
    { name: "Name", type: "string", path: "metadata.name" },
    ...(kind.columns ?? []),
    { name: "Age", type: "date", path: "metadata.creationTimestamp" },
  ];
  const columnDefinitions = columns.map(({ name, type, path }) => ({
    name,
    type: type === "date" ? "string" : type,
    format: name === "Name" ? "name" : "",
    description: path,
    priority: 0,
  }));
  const shown = (object: KubeObject) =>
    include === "Object" ? object : include === "None" ? undefined : metadataOf(object);
  const row = (object: KubeObject) => ({
    cells: columns.map((column) => cellOf(column, object, now)),
    object: shown(object),
  });
  const table = (metadata: unknown, objects: readonly KubeObject[]) => ({
    kind: "Table",
    apiVersion: META,
    metadata,
    columnDefinitions,
    rows: objects.map(row),
  });
  const one = (object: KubeObject) => table({ resourceVersion: object.metadata.resourceVersion }, [object]);
  return { one, event: one, list: ({ metadata, items }) => table(metadata, items) };
}

function cellOf({ type, path }: Column, object: KubeObject, now: number): unknown {
  const value = readPath(object, path);
  if (type === "date") return typeof value === "string" ? ageOf(now - Date.parse(value)) : "<unknown>";
  if (value === undefined || value === null) return type === "string" ? "" : null;
  return type === "string" ? String(value) : value;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
] as const;

/** `3d`, `5h`, `7m`, `12s`: as kubectl prints ages. */
function ageOf(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= 2 * length);
  return unit ? `${Math.floor(ms / unit[1])}${unit[0]}` : `${Math.max(0, Math.floor(ms / 1000))}s`;
}
