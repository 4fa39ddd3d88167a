import { newId } from "../../../src/kernel/ids.ts";
import type { ClusterAnswer, ClusterRequest, ClustersPort } from "../../../src/kernel/ports/clusters.ts";

/** The clusters port without relay and agent: calls go straight to an API server. For tests of what modules say to a cluster. */
export function directClusters(
  url: string,
  token: string,
): ClustersPort & { readonly calls: ClusterRequest[] } {
  const calls: ClusterRequest[] = [];
  return {
    calls,
    async call(_tenantId, _actor, request): Promise<ClusterAnswer> {
      calls.push(request);
      const response = await fetch(url + request.path, {
        method: request.method,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
        ...(request.body === undefined ? {} : { body: request.body as BodyInit, duplex: "half" }),
        signal: AbortSignal.timeout(request.timeoutMs ?? 30_000),
      } as RequestInit);
      return {
        commandId: newId("cmd", new Date()),
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      };
    },
    inventory: () => Promise.resolve({ items: [], syncedAt: null, online: true }),
  };
}
