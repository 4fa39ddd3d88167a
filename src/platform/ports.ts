import type { Ports } from "../kernel/ports/ports.ts";
import { r2Blobs } from "./blob/r2.ts";
import { aesCipher } from "./cipher.ts";
import { configOf, type Env } from "./env.ts";
import { safeBaseUrl } from "./llm/egress.ts";
import { noMeter } from "./meter/no-meter.ts";

/** The real adapters behind the ports of a deployment. */
export function openPorts(env: Env): Ports {
  const config = configOf(env);
  const allowedHosts = config.MARU_EGRESS_HTTP_HOSTS.split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  return {
    blobs: r2Blobs(env.BLOBS),
    cipher: aesCipher(config.MARU_KEK),
    egress: { mustReach: (baseUrl) => void safeBaseUrl(baseUrl, allowedHosts) },
    meter: noMeter,
    settings: { datasetMaxBytes: config.MARU_DATASET_MAX_BYTES },
  };
}
