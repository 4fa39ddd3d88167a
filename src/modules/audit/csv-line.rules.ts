const columns = [
  "seq",
  "at",
  "actor_kind",
  "actor_id",
  "action",
  "resource",
  "project_id",
  "before",
  "after",
  "address",
  "request_id",
  "trace_id",
  "id",
  "digest",
  "chain_hash",
] as const;

interface Line {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly action: string;
  readonly resource: string;
  readonly projectId: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly digest: string;
  readonly seq: number | null;
  readonly chainHash: string | null;
}

/**
 * One field of RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe in front
 * (owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^(?:[\t\r]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const json = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));

export const csvHeader = `${columns.join(",")}\r\n`;

/** An event as a line of CSV. */
export function csvLine(event: Line): string {
  const { actor, projectId, requestId, traceId, chainHash } = event;
  const fields: Record<(typeof columns)[number], string | number | null> = {
    seq: event.seq,
    at: event.at,
    actor_kind: actor.kind,
    actor_id: actor.id,
    action: event.action,
    resource: event.resource,
    project_id: projectId,
    before: json(event.before),
    after: json(event.after),
    address: event.address,
    request_id: requestId,
    trace_id: traceId,
    id: event.id,
    digest: event.digest,
    chain_hash: chainHash,
  };
  return `${columns.map((column) => csvField(fields[column])).join(",")}\r\n`;
}
