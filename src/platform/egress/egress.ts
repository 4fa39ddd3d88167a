/** How a deployment reaches what tenants name outside of it: the one guard that everything sends through. */
export interface Egress {
  readonly allowedHosts: readonly string[];
  readonly fetch: (url: string | URL, init: RequestInit) => Promise<Response>;
}
