import type { SimResponse } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { discovery } from "./discovery.ts";
import { openApi } from "./openapi.ts";

const HEALTH = ["/healthz", "/livez", "/readyz"];

/** What the server says of itself: health, version, and what it serves. */
export function answerSystem(cluster: Cluster, method: string, path: string): SimResponse | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  if (HEALTH.includes(path)) {
    return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "ok" };
  }
  if (path === "/version") {
    return {
      status: 200,
      body: {
        major: "1",
        minor: "34",
        gitVersion: "v1.34.2+rke2r1",
        gitCommit: "simulated",
        gitTreeState: "clean",
        buildDate: "2025-11-12T00:00:00Z",
        goVersion: "go1.24.9",
        compiler: "gc",
        platform: "linux/amd64",
      },
    };
  }
  return discovery(cluster, path) ?? openApi(cluster, path);
}

/** Paths that need no token. */
export function isOpenPath(path: string): boolean {
  return HEALTH.includes(path) || path === "/version";
}
