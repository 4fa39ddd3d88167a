import { clustersPort } from "../../src/objects/clusters-port.ts";
import type { Env } from "../../src/platform/env.ts";
import product from "../../src/worker.ts";

export * from "../../src/worker.ts";

const benchmark = { kind: "system", id: "bench", tenantId: "", grants: ["*"] } as const;

/**
 * The product, and beside it the relay alone: `/relay/{tenant}/{cluster}/{target}/…` calls the relay's object as the
 * product does, without asking who calls. Signing, checking, policy and both logs are the product's.
 */
export default {
  ...product,
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    const [, word, tenantId = "", clusterId = "", target = "", ...rest] = url.pathname.split("/");
    if (word !== "relay") return product.fetch(request as never, env, ctx);
    const isReading = request.method === "GET";
    const answer = await clustersPort(env).call(tenantId, benchmark, {
      clusterId,
      operation: "bench.relay",
      driver: `http:${target}`,
      method: isReading ? "GET" : "POST",
      path: `/${rest.join("/")}${url.search}`,
      ...(isReading || request.body === null ? {} : { body: request.body }),
    });
    return new Response(answer.body as BodyInit, { status: answer.status, headers: answer.headers });
  },
} satisfies ExportedHandler<Env>;
