import { createHash } from "node:crypto";

/** Where a log stands. */
export interface LogHead {
  /** The number of its last line; 0 for an empty log. */
  readonly seq: number;
  /** Hex SHA-256. */
  readonly hash: string;
}

export const emptyHead: LogHead = { seq: 0, hash: "0".repeat(64) };

/** JSON with sorted keys and no white space. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

/** The next line of a log, as text with its hash = sha256(previous hash | canonical JSON of the rest); and the head after it. */
export function chainLine(
  head: LogHead,
  at: number,
  kind: string,
  fields: object,
): { text: string; head: LogHead } {
  const entry = { ...fields, seq: head.seq + 1, at: new Date(at).toISOString(), kind };
  const text = canonical(entry);
  const hash = chainHash(head.hash, text);
  return { text: `${text.slice(0, -1)},"hash":"${hash}"}`, head: { seq: entry.seq, hash } };
}

function chainHash(previous: string, entry: string): string {
  return createHash("sha256").update(`${previous}|${entry}`).digest("hex");
}

export type ChainCheck =
  | { readonly ok: true; readonly head: LogHead }
  | { readonly ok: false; readonly seq: number; readonly reason: "unreadable" | "gap" | "changed" };

/** Checks one line against the head before it. */
export function checkLine(head: LogHead, text: string): ChainCheck {
  const seq = head.seq + 1;
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return { ok: false, seq, reason: "unreadable" };
  }
  if (typeof line !== "object" || line === null || !("seq" in line) || !("hash" in line)) {
    return { ok: false, seq, reason: "unreadable" };
  }
  if (line.seq !== seq) return { ok: false, seq, reason: "gap" };
  const { hash, ...entry } = line;
  if (hash !== chainHash(head.hash, canonical(entry))) return { ok: false, seq, reason: "changed" };
  return { ok: true, head: { seq, hash: String(hash) } };
}
