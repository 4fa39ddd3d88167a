import { DurableObject } from "cloudflare:workers";
export class JobsObject extends DurableObject {}
export class LanesObject extends DurableObject {}
export class LedgerObject extends DurableObject {}
export class LimitsObject extends DurableObject {}
export class MetersObject extends DurableObject {}
export default { fetch: () => new Response("bare") };
