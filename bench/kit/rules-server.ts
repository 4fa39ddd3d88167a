import { join } from "node:path";
import type { RulesOutcome, RulesPlan } from "../workers/rules-plan.ts";
import { bundle } from "./bundle.ts";
import { client } from "./load.ts";
import { objectsOfProduct, type Secrets, serveWithDatabase } from "./product-server.ts";
import type { Server } from "./workerd.ts";

export interface RulesServer extends Server {
  run(plan: RulesPlan): Promise<RulesOutcome>;
}

/** The product with the plans of the rules benchmark beside it, its objects on disk, on `workerd serve`. */
export async function startRulesServer(
  secrets: Secrets,
  database: Server,
  scratch: string,
): Promise<RulesServer> {
  const server = await serveWithDatabase(
    "rules",
    bundle("bench/workers/rules-worker.ts", scratch),
    secrets.bindings,
    { ...objectsOfProduct(), BARE: "BareObject" },
    database,
    join(scratch),
  );
  const http = client(server.url, 1);
  return {
    ...server,
    async run(plan) {
      const { status, text } = await http.call("POST", "/bench", {}, JSON.stringify(plan));
      if (status !== 200) throw new Error(`The run failed with ${status}: ${text.slice(0, 500)}`);
      return JSON.parse(text) as RulesOutcome;
    },
  };
}
