import type { Ports } from "../kernel/ports/ports.ts";
import type { MetricShape } from "../kernel/series.ts";
import { r2Blobs } from "./blob/r2.ts";
import { aesCipher } from "./cipher.ts";
import { configOf, type Env } from "./env.ts";
import { safeBaseUrl } from "./llm/egress.ts";
import { shardedMeter } from "./meter/sharded-meter.ts";
import { ledgerOf } from "./objects.ts";

/** The real adapters behind the ports of a deployment; `metrics` is the catalogue of what may be counted. */
export function openPorts(env: Env, metrics: readonly MetricShape[]): Ports {
  const config = configOf(env);
  const allowedHosts = config.MARU_EGRESS_HTTP_HOSTS.split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  return {
    blobs: r2Blobs(env.BLOBS),
    cipher: aesCipher(config.MARU_KEK),
    egress: { mustReach: (baseUrl) => void safeBaseUrl(baseUrl, allowedHosts) },
    ledger: { head: async (tenantId) => ledgerOf(env, tenantId).head() },
    meter: shardedMeter(env, metrics),
    settings: { datasetMaxBytes: config.MARU_DATASET_MAX_BYTES },
  };
}
