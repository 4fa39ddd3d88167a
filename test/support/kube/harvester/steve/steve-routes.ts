import { StatusError } from "../../api-server/status-error.ts";
import type { ExtraRoute, SimRequest, SimResponse } from "../../words.ts";
import { ActionFault, invalidAction } from "./action-fault.ts";
import { findAction, mayAct } from "./actions.ts";
import type { Asked } from "./asking.ts";
import {
  createObject,
  deleteObject,
  getObject,
  listObjects,
  type Place,
  steveError,
  updateObject,
} from "./collections.ts";
import { downloadImage } from "./image-actions.ts";
import { generateKey } from "./key-actions.ts";
import { type LocalUser, loginRoute } from "./login.ts";
import { getNodeMetrics, listNodeMetrics, showNodeMetrics } from "./node-metrics.ts";
import { servicePaths } from "./service-paths.ts";
import { findType, kubePath } from "./steve-types.ts";
import { downloadArchive } from "./upgrade-log-actions.ts";

/** What the path says: `type`, `type/ns` or `type/name`, `type/ns/name`. */
function placeOf({ params }: SimRequest): Place | undefined {
  const type = findType(params["type"] ?? "");
  if (type === undefined) return undefined;
  const { first, second } = params;
  if (first === undefined) return { type };
  if (second !== undefined) return { type, namespace: first, name: second };
  return type.kind.namespaced ? { type, namespace: first } : { type, name: first };
}

/** What can be fetched of an object beside the object. */
const LINKS: Readonly<Record<string, Readonly<Record<string, (asked: Asked) => SimResponse>>>> = {
  "harvesterhci.io.virtualmachineimage": {
    download: downloadImage,
    downloadcancel: () => ({ status: 200 }),
  },
  "harvesterhci.io.upgradelog": { downloadArchive },
};

const KEYPAIRS = "harvesterhci.io.keypair";

async function runAction(request: SimRequest, place: Place, action: string): Promise<SimResponse> {
  const { type, namespace, name } = place;
  if (name === undefined) {
    if (type.id === KEYPAIRS && action === "keygen") return generateKey(request);
    return steveError(405, "InvalidAction", `Invalid action: ${action}`);
  }
  const found = await request.call({ method: "GET", path: kubePath(type.kind, namespace, name) });
  if (found.status >= 400) return getObject(request, place);
  const run = findAction(type, action);
  if (run === undefined) return steveError(405, "InvalidAction", `Invalid action: ${action}`);
  const object = request.world.store.get(type.kind, namespace, name);
  if (!mayAct(request, type, object, action)) {
    return steveError(403, "PermissionDenied", `action ${action} not allowed`);
  }
  const asked = { request, world: request.world, type, namespace: namespace ?? "", name, object };
  return (await run(asked)) ?? { status: 204 };
}

async function followLink(request: SimRequest, place: Place, link: string): Promise<SimResponse> {
  const { type, namespace, name = "" } = place;
  const links = LINKS[type.id];
  if (links === undefined) return steveError(404, "NotFound", `link ${link} not found`);
  const found = await request.call({ method: "GET", path: kubePath(type.kind, namespace, name) });
  if (found.status >= 400) return getObject(request, place);
  const follow = Object.hasOwn(links, link) ? links[link] : undefined;
  if (follow === undefined) throw invalidAction(`Unsupported GET action ${link}`);
  const object = request.world.store.get(type.kind, namespace, name);
  return follow({ request, world: request.world, type, namespace: namespace ?? "", name, object });
}

function answer(request: SimRequest, place: Place): Promise<SimResponse> {
  const { name } = place;
  const action = request.query.get("action");
  const link = request.params["link"] ?? request.query.get("link");
  switch (request.method) {
    case "GET":
      if (name === undefined) return listObjects(request, place);
      return link ? followLink(request, place, link) : getObject(request, place);
    case "POST":
      return action ? runAction(request, place, action) : createObject(request, place);
    case "DELETE":
      return deleteObject(request, place);
    default:
      return updateObject(request, place);
  }
}

/** Actions answer what goes wrong as plain text, everything else as an error object. */
function told(handle: (request: SimRequest) => Promise<SimResponse> | SimResponse): ExtraRoute["handle"] {
  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      if (error instanceof ActionFault) {
        const headers = { "content-type": "text/plain; charset=utf-8" };
        return { status: error.status, headers, body: error.message };
      }
      if (error instanceof StatusError) {
        const { code, reason, message } = error.status;
        return steveError(code, reason, message);
      }
      throw error;
    }
  };
}

const typed = told((request) => {
  const place = placeOf(request);
  if (place !== undefined) return answer(request, place);
  return steveError(404, "NotFound", `schema ${request.params["type"]} not found`);
});

/** Bodies of the dialect are read by whoever answers them; a query without an action is none. */
const collectionAction = told((request) => {
  const place = placeOf(request);
  const action = request.query.get("action");
  if (place === undefined || action === null) {
    return steveError(404, "NotFound", `schema ${request.params["type"]} not found`);
  }
  return runAction(request, place, action);
});

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

function everywhere(pattern: string, handle: ExtraRoute["handle"]): ExtraRoute[] {
  return METHODS.map((method) => ({ method, pattern, handle }));
}

/** The dialect that Harvester's console speaks, over the same objects. */
export function steveRoutes(users: Readonly<Record<string, LocalUser>>): readonly ExtraRoute[] {
  const root = "/v1/harvester/{type}";
  return [
    loginRoute(users),
    ...servicePaths.map((route) => ({ ...route, handle: told(route.handle) })),
    { method: "GET", pattern: "/apis/metrics.k8s.io/v1beta1/nodes", handle: listNodeMetrics },
    { method: "GET", pattern: "/apis/metrics.k8s.io/v1beta1/nodes/{name}", handle: getNodeMetrics },
    { method: "GET", pattern: "/v1/metrics.k8s.io.nodes/{name}", handle: told(showNodeMetrics) },
    { method: "GET", pattern: "/v1/harvester/metrics.k8s.io.nodes/{name}", handle: told(showNodeMetrics) },
    { method: "POST", pattern: "/v1/{type}", handle: collectionAction },
    { method: "GET", pattern: root, handle: typed },
    { method: "POST", pattern: root, handle: typed },
    ...everywhere(`${root}/{first}`, typed),
    ...everywhere(`${root}/{first}/{second}`, typed),
    { method: "GET", pattern: `${root}/{first}/{second}/{link}`, handle: typed },
  ];
}
