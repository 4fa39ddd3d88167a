import argon2 from "argon2-wasm-edge/wasm/argon2.wasm";
import type { Ports } from "../kernel/ports/ports.ts";
import type { MetricShape } from "../kernel/series.ts";
import { r2Blobs } from "./blob/r2.ts";
import { aesCipher } from "./cipher.ts";
import { configOf } from "./config.ts";
import { egressOf } from "./egress/egress-of.ts";
import { safeBaseUrl } from "./egress/safe-base-url.ts";
import type { Env } from "./env.ts";
import { guardedHttp } from "./http/guarded-http.ts";
import { createLlm, type LlmProfile } from "./llm/create-llm.ts";
import type { AiBinding } from "./llm/workers-ai.ts";
import { shardedMeter } from "./meter/sharded-meter.ts";
import { httpNotify } from "./notify/http-notify.ts";
import { ledgerOf } from "./objects.ts";
import { operatorSettings } from "./operator-settings.ts";
import { argon2Passwords } from "./passwords/argon2-passwords.ts";
import { joseTokens } from "./tokens/jose-tokens.ts";

const passwords = argon2Passwords(argon2);
const keyEnvironments = { production: "live", test: "test", development: "dev" } as const;

/** The real adapters behind the ports of a deployment; `metrics` is the catalogue of what may be counted. */
export function openPorts(
  env: Env,
  metrics: readonly MetricShape[],
): Omit<
  Ports,
  "jobs" | "scheduler" | "ruleClock" | "alerts" | "engine" | "events" | "intake" | "clusters" | "relays"
> {
  const config = configOf(env);
  const egress = egressOf(env);
  const { allowedHosts } = egress;
  return {
    blobs: r2Blobs(env.BLOBS),
    cipher: aesCipher(config.MARU_KEK),
    egress: { mustReach: (baseUrl) => void safeBaseUrl(baseUrl, allowedHosts) },
    llms: {
      open: (link, secret) =>
        createLlm(link as LlmProfile, secret, {
          ...egress,
          ...(env.AI === undefined ? {} : { ai: env.AI as AiBinding }),
        }),
    },
    http: guardedHttp(egress),
    notify: httpNotify(egress),
    ledger: { head: async (tenantId) => ledgerOf(env, tenantId).head() },
    meter: shardedMeter(env, metrics),
    passwords,
    tokens: joseTokens({
      signingKeys: config.MARU_SIGNING_KEYS,
      issuer: config.MARU_ORIGIN ?? "maru",
      keyEnvironment: keyEnvironments[config.MARU_ENVIRONMENT],
      bootstrapToken: config.MARU_BOOTSTRAP_TOKEN,
    }),
    settings: {
      datasetMaxBytes: config.MARU_DATASET_MAX_BYTES,
      metricsPrefix: config.MARU_METRICS_PREFIX,
      operator: operatorSettings(config),
    },
  };
}
