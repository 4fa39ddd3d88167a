import { DurableObject } from "cloudflare:workers";
export class JobsObject extends DurableObject {}
export class LanesObject extends DurableObject {}
export { LedgerObject } from "../durable-objects/ledger/ledger-object.ts";
export class LimitsObject extends DurableObject {}
export { MetersObject } from "../durable-objects/meters/meters-object.ts";
export default { fetch: () => new Response("bare") };
