import type { Context, Hono } from "hono";
import { type AppEnv, type Host, letIn } from "./http/serve.ts";
import type { ClusterRequest } from "./kernel/ports/clusters.ts";
import { problem } from "./kernel/problem.ts";
import { mustChangeWithin } from "./kernel/project-reach.ts";
import { isRead, mustKnowCluster, shownCallPath } from "./modules/clusters/index.ts";
import type { Env } from "./platform/env.ts";

type C = Context<AppEnv<Env>>;

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
/** What of a request may reach an on-prem system; its credentials are the agent's. */
const passedOn = ["accept", "accept-language", "content-type", "if-match", "if-none-match", "range"];
/** What of an answer concerns its content. Everything else is about a connection, or would speak for this origin. */
const passedBack =
  /^(content-type|content-disposition|content-language|content-range|accept-ranges|etag|last-modified|location|retry-after|warning|vary)$/;

/**
 * `/v1/clusters/{id}/proxy/{target}/{path…}`: a system behind a cluster's agent that its operator named in the agent's
 * configuration. Bodies pass through both ways as they come.
 */
export function mountClusterProxy(app: Hono<AppEnv<Env>>, host: Host<Env>): void {
  for (const path of ["/v1/clusters/:id/proxy/:target", "/v1/clusters/:id/proxy/:target/*"])
    app.on([...methods], path, (c) => serveProxy(c, host));
}

async function serveProxy(c: C, host: Host<Env>): Promise<Response> {
  const method = c.req.method as ClusterRequest["method"];
  const isReading = isRead(method);
  const action = isReading ? "clusters.proxy.read" : "clusters.proxy.write";
  const scope = isReading ? "clusters:read" : "clusters:write";
  const actor = await letIn(c, host, { action, scope });
  const ctx = host.context(c, actor, { action });
  const { id = "", target = "" } = c.req.param();
  // The relay says itself whether there is such a cluster; a caller who is held to projects must not learn it.
  if (actor.projectIds !== undefined) await mustKnowCluster(ctx, id);
  // A target serves the whole cluster: it can't be held to a project.
  mustChangeWithin(actor, null);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(target))
    throw problem(
      "not_found",
      "clusters.unknown_target",
      `There is no target "${target}" behind this cluster.`,
    );
  const path = pathOf(c.req.url, id, target);
  const key = c.req.header("idempotency-key");
  const answer = await ctx.ports.clusters.call(ctx.tenantId, actor, {
    clusterId: id,
    operation: action,
    driver: `http:${target}`,
    method,
    path,
    headers: Object.fromEntries(
      passedOn.flatMap((name) => {
        const value = c.req.header(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...(c.req.raw.body === null || isReading ? {} : { body: c.req.raw.body }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  });
  if (!isReading) {
    const { commandId, status } = answer;
    const after = { commandId, method, target, path: shownCallPath(path), status };
    await ctx.write({ entity: `cluster:${id}/proxy/${target}`, after }, () => []);
  }
  const headers = Object.entries(answer.headers).filter(([name]) => passedBack.test(name.toLowerCase()));
  const isEmpty = answer.status === 204 || answer.status === 205 || answer.status === 304;
  return new Response(isEmpty ? null : (answer.body as BodyInit), {
    status: answer.status,
    headers: [
      ...headers,
      ["x-command-id", answer.commandId],
      ["cache-control", "no-store"],
      // The body is somebody else's: it must not run as a page of ours.
      ["content-security-policy", "sandbox; default-src 'none'"],
    ],
  });
}

/** What follows the target, as it was written: the agent alone decides how it reads it. */
function pathOf(url: string, id: string, target: string): string {
  const { pathname, search } = new URL(url);
  const before = `/v1/clusters/${id}/proxy/${target}`;
  const rest = pathname.slice(before.length);
  return `${rest === "" ? "/" : rest}${search}`;
}
