import { generateKeyPairSync, randomBytes } from "node:crypto";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
process.env["X_LOCAL_OBSERVABILITY"] = "false";

const signingKey = {
  ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }),
  kid: "test",
  alg: "EdDSA",
};

export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        hyperdrives: { HYPERDRIVE: inject<string>("postgresUrl") },
        bindings: {
          MARU_ENVIRONMENT: "test",
          MARU_LOG_LEVEL: "error",
          MARU_RATE_LIMIT: "100000",
          MARU_METRICS_INTERVAL_MS: "0",
          MARU_KEK: `k1:${randomBytes(32).toString("base64")}`,
          MARU_SIGNING_KEYS: JSON.stringify({ keys: [signingKey] }),
          MARU_BOOTSTRAP_TOKEN: randomBytes(24).toString("hex"),
          MARU_METRICS_TOKEN: randomBytes(24).toString("hex"),
          MARU_EGRESS_HTTP_HOSTS: "127.0.0.1,localhost",
        },
      },
    })),
  ],
  test: {
    name: "workers",
    root: ".",
    include: ["test/workers/**/*.test.ts", "test/db/**/*.test.ts"],
    globalSetup: ["test/support/workers-setup.ts"],
    setupFiles: ["test/workers/support/setup.ts"],
    isolate: false,
    sequence: { groupOrder: 1 },
    fileParallelism: false,
    maxWorkers: 1,
    // postgres.js reads on after close; workerd reports that as unhandled.
    onUnhandledError: (error) => error.message !== "This socket has been closed.",
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
