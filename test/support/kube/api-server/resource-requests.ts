import type { KubeObject, SimRequest, SimResponse } from "../words.ts";
import { formOf } from "./answer-forms.ts";
import { instant } from "./clock.ts";
import type { Cluster } from "./cluster.ts";
import { deleteCollection, deleteObject } from "./delete-object.ts";
import type { Json } from "./json.ts";
import { listObjects } from "./object-list.ts";
import { mergeOf, patchObject } from "./patch-object.ts";
import { podSubresource } from "./pod-requests.ts";
import { contentTypeOf, readObject } from "./read-body.ts";
import type { ResourcePath } from "./resource-path.ts";
import { scaledObject, scaleKind, scaleOf } from "./scale.ts";
import { badRequest, type Cause, invalid, methodNotAllowed, unknownPath } from "./status-error.ts";
import { watchObjects } from "./watch-objects.ts";
import { createObject, objectOf, replaceObject, type Writer } from "./write-object.ts";

type Place = ResourcePath & { readonly name: string };

/** Answers a request for a resource: who may, then what. */
export async function answerResource(
  cluster: Cluster,
  target: ResourcePath,
  request: SimRequest,
): Promise<SimResponse> {
  const { kind, namespace, name, subresource } = target;
  const verb = verbOf(target, request);
  if (!verb) throw methodNotAllowed();
  request.mustBeAllowed({
    verb,
    group: kind.group,
    resource: kind.plural,
    ...(subresource ? { subresource } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  });
  const warnings: string[] = [];
  const writer = writerOf(cluster, request, warnings);
  const answer =
    name === undefined
      ? await answerCollection(cluster, target, request, writer, verb)
      : await answerNamed(cluster, { ...target, name }, request, writer, verb);
  if (warnings.length === 0) return answer;
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(", ");
  return { ...answer, headers: { ...answer.headers, warning } };
}

const SUBRESOURCE_VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  PUT: "update",
  PATCH: "patch",
  POST: "create",
};

/** The verb as roles name it; undefined where the path takes no such method. */
function verbOf(
  { name, subresource, kind }: ResourcePath,
  { method, query }: SimRequest,
): string | undefined {
  const watches = ["true", "1"].includes(query.get("watch") ?? "");
  const verbs: Readonly<Record<string, string>> =
    name === undefined
      ? { GET: watches ? "watch" : "list", POST: "create", DELETE: "deletecollection" }
      : subresource !== undefined
        ? SUBRESOURCE_VERBS
        : { GET: watches ? "watch" : "get", PUT: "update", PATCH: "patch", DELETE: "delete" };
  const verb = verbs[method];
  return verb && (kind.verbs?.includes(verb) ?? true) ? verb : undefined;
}

function writerOf(cluster: Cluster, request: SimRequest, warnings: string[]): Writer {
  const { query, user, headers } = request;
  const dryRun = query.get("dryRun");
  if (dryRun && dryRun !== "All") {
    throw badRequest(`dryRun: Unsupported value: "${dryRun}": supported values: "All"`);
  }
  const agent = (headers["user-agent"] ?? "unknown").split("/")[0] ?? "unknown";
  return {
    user,
    query,
    dryRun: dryRun === "All",
    manager: { name: query.get("fieldManager") ?? agent, at: instant(cluster.world.clock.now()) },
    warn: (message) => warnings.push(message),
  };
}

async function answerCollection(
  cluster: Cluster,
  target: ResourcePath,
  request: SimRequest,
  writer: Writer,
  verb: string,
): Promise<SimResponse> {
  const { kind, namespace } = target;
  const form = formOf(kind, request, cluster.world.clock.now());
  switch (verb) {
    case "list":
      return { status: 200, body: form.list(listObjects(cluster.store, kind, namespace, request.query)) };
    case "watch":
      return watching(cluster, target, request, form.event);
    case "create": {
      if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
      const given = objectOf(kind, await readObject(request), target);
      return { status: 201, body: form.one(createObject(cluster, kind, given as Json, writer)) };
    }
    default:
      return {
        status: 200,
        body: form.list(deleteCollection(cluster, target, await readObject(request), writer)),
      };
  }
}

function watching(
  cluster: Cluster,
  target: ResourcePath,
  request: SimRequest,
  show: (object: KubeObject) => unknown,
): SimResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: watchObjects(cluster, target, request, show),
  };
}

async function answerNamed(
  cluster: Cluster,
  place: Place,
  request: SimRequest,
  writer: Writer,
  verb: string,
): Promise<SimResponse> {
  const { kind, namespace, name, subresource } = place;
  if (subresource === "scale" && kind.subresources?.includes("scale")) {
    return answerScale(cluster, place, request, writer);
  }
  if (subresource !== undefined && !(subresource === "status" && kind.subresources?.includes("status"))) {
    const answer = await podSubresource(cluster, place, request, writer);
    if (!answer) throw unknownPath();
    return answer;
  }
  const form = formOf(kind, request, cluster.world.clock.now());
  switch (verb) {
    case "get":
      return { status: 200, body: form.one(cluster.store.mustPeek(kind, namespace, name)) };
    case "watch":
      return watching(cluster, place, request, form.event);
    case "update":
      return { status: 200, body: form.one(await updated(cluster, place, request, writer)) };
    case "patch": {
      const { object, created } = await patchObject(cluster, place, request, writer);
      return { status: created ? 201 : 200, body: form.one(object) };
    }
    case "delete":
      return { status: 200, body: deleteObject(cluster, place, await readObject(request), writer) };
    default:
      throw methodNotAllowed();
  }
}

/** Kubernetes' own kinds may be replaced unseen, custom ones never. */
const NO_REVISION: Cause = {
  reason: "FieldValueInvalid",
  message: "Invalid value: 0: must be specified for an update",
  field: "metadata.resourceVersion",
};

async function updated(
  cluster: Cluster,
  place: Place,
  request: SimRequest,
  writer: Writer,
): Promise<KubeObject> {
  const { kind, namespace, name } = place;
  const given = objectOf(kind, await readObject(request), place);
  const old = cluster.store.mustPeek(kind, namespace, name);
  if (!kind.builtIn && !given.metadata.resourceVersion) throw invalid(kind, name, [NO_REVISION]);
  return replaceObject(cluster, place, old, given, writer);
}

async function answerScale(
  cluster: Cluster,
  place: Place,
  request: SimRequest,
  writer: Writer,
): Promise<SimResponse> {
  const { kind, namespace, name } = place;
  const old = cluster.store.mustPeek(kind, namespace, name);
  if (request.method === "GET") return { status: 200, body: scaleOf(old) };
  const given = await readObject(request);
  const isPatch = request.method === "PATCH";
  const scale = isPatch ? mergeOf(scaleKind, contentTypeOf(request))(scaleOf(old), given) : given;
  const next = scaledObject(old, scale);
  return { status: 200, body: scaleOf(replaceObject(cluster, place, old, next, writer)) };
}
