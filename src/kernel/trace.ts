import { toHex } from "./hash.ts";

/** W3C Trace Context (w3.org/TR/trace-context): ids in lower-case hexadecimal. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  readonly state?: string;
}

const hex = (bytes: number): string => toHex(crypto.getRandomValues(new Uint8Array(bytes)));

/** Continues the caller's trace with a span of our own, or starts one; a malformed header is ignored. */
export function continueTrace(traceparent: string | null | undefined, tracestate?: string | null): Trace {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(traceparent ?? "");
  const [, version, traceId, parentId, flags, rest] = match ?? [];
  const valid =
    version !== undefined &&
    version !== "ff" &&
    !(version === "00" && rest !== undefined) &&
    !/^0+$/.test(traceId ?? "0") &&
    !/^0+$/.test(parentId ?? "0");
  if (!valid) return { traceId: hex(16), spanId: hex(8), sampled: true };
  return {
    traceId: traceId ?? "",
    spanId: hex(8),
    sampled: (Number.parseInt(flags ?? "0", 16) & 1) === 1,
    ...(tracestate ? { state: tracestate } : {}),
  };
}

/** The `traceparent` header of a trace. */
export function traceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? "01" : "00"}`;
}
