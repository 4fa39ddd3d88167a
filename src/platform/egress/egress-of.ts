import { configOf } from "../config.ts";
import type { Egress } from "./egress.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import { lookUp } from "./look-up.ts";

const opened = new WeakMap<object, Egress>();

/** The egress of an environment, the same for an isolate, so that names are looked up once a minute. */
export function egressOf(env: object): Egress {
  const known = opened.get(env);
  if (known) return known;
  const config = configOf(env);
  const allowedHosts = config.MARU_EGRESS_HTTP_HOSTS.split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  const options = { allowedHosts, lookUp: config.MARU_EGRESS_LOOKUP ? lookUp : undefined };
  const egress = { allowedHosts, fetch: guardedFetch(options) };
  opened.set(env, egress);
  return egress;
}
