import { clustersPort } from "../../src/objects/clusters-port.ts";
import type { Env } from "../../src/platform/env.ts";
import product from "../../src/worker.ts";
import type { BareRelay } from "./bare-relay.ts";

export * from "../../src/worker.ts";
export { BareRelay } from "./bare-relay.ts";

interface BenchEnv extends Env {
  readonly BARE_RELAY: DurableObjectNamespace<BareRelay>;
}

const benchmark = { kind: "system", id: "bench", tenantId: "", grants: ["*"] } as const;

/**
 * The product, and beside it the relay alone: `/relay/{tenant}/{cluster}/{target}/…` calls the relay's object as the
 * product does, without asking who calls. Signing, checking, policy and both logs are the product's. `/bare/…` goes
 * through an object that does nothing but pass it on.
 */
export default {
  ...product,
  async fetch(request: Request, env: BenchEnv, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    const [, word, tenantId = "", clusterId = "", target = "", ...rest] = url.pathname.split("/");
    if (word === "bare") {
      const bare = env.BARE_RELAY.getByName("bare");
      if (request.headers.has("upgrade")) return bare.fetch(request as never) as never;
      return new Response(await bare.call(url.pathname.slice("/bare".length)));
    }
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
} satisfies ExportedHandler<BenchEnv>;
