/** One request to an address that a tenant named. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** What came back. A redirect is an answer with its status; it is never followed. `detail` holds nothing of the request. */
export type HttpOutcome =
  | {
      readonly answered: true;
      readonly status: number;
      readonly text: string;
      /** What the receiver asked to wait; 0 when it didn't. */
      readonly retryAfterMs: number;
    }
  | { readonly answered: false; readonly detail: string };

/** The way to systems outside that tenants name. */
export interface HttpPort {
  /**
   * Asks once and never throws. Only https and public names, unless the operator allows the host; at most 1 MB of an
   * answer is read.
   */
  ask(request: HttpRequest): Promise<HttpOutcome>;
}
