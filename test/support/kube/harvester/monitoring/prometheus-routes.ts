import { refuse } from "../../api-server/status-error.ts";
import type { ExtraRoute, SimRequest, World } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { textAt } from "../machines/fields.ts";
import { answerQuery } from "./prometheus-answer.ts";
import { worldSeries } from "./world-series.ts";

const namespace = "cattle-monitoring-system";
const service = "http:rancher-monitoring-prometheus:9090";
const root = `/api/v1/namespaces/${namespace}/services/${service}/proxy/api/v1`;

/** Prometheus is there as long as its add-on is. */
function mustBeDeployed(world: World): void {
  const addon = world.store.find(kindIn(world, "addon"), namespace, "rancher-monitoring");
  if (textAt(addon, "status", "status") !== "AddonDeploySuccessful")
    throw refuse(503, "ServiceUnavailable", `no endpoints available for service "${service}"`);
}

async function parametersOf(request: SimRequest): Promise<URLSearchParams> {
  if (request.method !== "POST") return request.query;
  const body = new TextDecoder().decode(await request.body());
  return new URLSearchParams([...request.query, ...new URLSearchParams(body)]);
}

function mustReach(request: SimRequest, verb: "get" | "create"): void {
  request.mustBeAllowed({
    verb,
    group: "",
    resource: "services",
    subresource: "proxy",
    namespace,
    name: service,
  });
  mustBeDeployed(request.world);
}

function route(method: "GET" | "POST", kind: "query" | "query_range"): ExtraRoute {
  return {
    method,
    pattern: `${root}/${kind}`,
    async handle(request) {
      mustReach(request, method === "GET" ? "get" : "create");
      const { world } = request;
      return answerQuery(kind, await parametersOf(request), worldSeries(world), world.clock.now());
    },
  };
}

const buildInfo: ExtraRoute = {
  method: "GET",
  pattern: `${root}/status/buildinfo`,
  handle(request) {
    mustReach(request, "get");
    return { status: 200, body: { status: "success", data: { version: "3.5.0" } } };
  },
};

/** The cluster's Prometheus, behind the proxy of its service. */
export const prometheusRoutes: readonly ExtraRoute[] = [
  buildInfo,
  ...(["query", "query_range"] as const).flatMap((kind) => [route("GET", kind), route("POST", kind)]),
];
