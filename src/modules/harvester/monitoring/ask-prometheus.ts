import { AppError, problem } from "../../../kernel/problem.ts";
import type { Kube } from "../kube/kube.ts";
import type { Span } from "./period.rules.ts";

/** Prometheus of the add-on rancher-monitoring, behind the cluster API's proxy of services. */
const root =
  "/api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/api/v1";

/**
 * What Prometheus answers to a query, over a span or at its end.
 * @throws conflict `harvester.monitoring_off` when the add-on isn't running; invalid_input for a query it can't read
 */
export async function askPrometheus(kube: Kube, query: string, span: Span): Promise<unknown> {
  const { from, to, stepSeconds, isNow } = span;
  try {
    const done =
      stepSeconds === 0
        ? await kube.ask("GET", `${root}/query`, undefined, {
            query: { query, time: isNow ? undefined : to },
          })
        : await kube.ask("GET", `${root}/query_range`, undefined, {
            query: { query, start: from, end: to, step: stepSeconds },
          });
    return done.object;
  } catch (error) {
    throw told(error);
  }
}

function told(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, detail, data } = error.failure;
  if (code === "harvester.unknown" || code === "harvester.cluster_unavailable") {
    return problem(
      "conflict",
      "harvester.monitoring_off",
      "The cluster has no Prometheus running. Enable the add-on rancher-monitoring and wait until it is deployed.",
      { cause: error },
    );
  }
  if (code === "harvester.bad_request" || code === "harvester.refused") {
    return problem("invalid_input", "harvester.query_refused", detail, {
      ...(data === undefined ? {} : { data }),
      errors: [{ pointer: "/query/query", code: "promql", message: detail }],
    });
  }
  return error;
}
