import type { Ports } from "../kernel/ports/ports.ts";
import { r2Blobs } from "./blob/r2.ts";
import { aesCipher } from "./cipher.ts";
import { configOf, type Env } from "./env.ts";
import { noMeter } from "./meter/no-meter.ts";

/** The real adapters behind the ports of a deployment. */
export function openPorts(env: Env): Ports {
  return { blobs: r2Blobs(env.BLOBS), cipher: aesCipher(configOf(env).MARU_KEK), meter: noMeter };
}
