const billion = 1_000_000_000;

/** A stretch of time; both parts have the same sign. */
export class CelDuration {
  readonly seconds: number;
  readonly nanos: number;
  constructor(seconds: number, nanos: number) {
    const carry = Math.trunc(nanos / billion);
    let s = seconds + carry;
    let n = nanos - carry * billion;
    if (s > 0 && n < 0) {
      s -= 1;
      n += billion;
    } else if (s < 0 && n > 0) {
      s += 1;
      n -= billion;
    }
    this.seconds = s + 0;
    this.nanos = n + 0;
  }

  get valid(): boolean {
    return Math.abs(this.seconds) <= 315_576_000_000;
  }
}

/** An instant between the years 1 and 9999; `nanos` is in [0, 1e9). */
export class CelTimestamp {
  readonly seconds: number;
  readonly nanos: number;
  constructor(seconds: number, nanos: number) {
    const carry = Math.floor(nanos / billion);
    this.seconds = seconds + carry;
    this.nanos = nanos - carry * billion;
  }

  get valid(): boolean {
    return this.seconds >= -62_135_596_800 && this.seconds <= 253_402_300_799;
  }

  get ms(): number {
    return this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
  }

  static ofMs(ms: number): CelTimestamp {
    const seconds = Math.floor(ms / 1000);
    return new CelTimestamp(seconds, (ms - seconds * 1000) * 1_000_000);
  }
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Reads RFC 3339 text; undefined when it is none. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const m = rfc3339.exec(text);
  if (m === null) return undefined;
  const n = (i: number) => Number(m[i] ?? 0);
  const date = new Date(0);
  date.setUTCFullYear(n(1), n(2) - 1, n(3));
  date.setUTCHours(n(4), n(5), n(6));
  if (date.getUTCMonth() !== n(2) - 1 || date.getUTCDate() !== n(3) || date.getUTCHours() !== n(4))
    return undefined;
  if (n(5) > 59 || n(6) > 59 || n(9) > 23 || n(10) > 59) return undefined;
  const offset = (n(9) * 60 + n(10)) * 60 * (m[8] === "-" ? -1 : 1);
  const at = new CelTimestamp(date.getTime() / 1000 - offset, Number((m[7] ?? "").padEnd(9, "0")));
  return at.valid ? at : undefined;
}

export function formatTimestamp(at: CelTimestamp): string {
  const base = new Date(at.seconds * 1000).toISOString().slice(0, 19);
  return `${base}${fraction(at.nanos)}Z`;
}

export function formatDuration(span: CelDuration): string {
  const sign = span.seconds < 0 || span.nanos < 0 ? "-" : "";
  return `${sign}${Math.abs(span.seconds)}${fraction(Math.abs(span.nanos))}s`;
}

function fraction(nanos: number): string {
  return nanos === 0 ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
}

const unitNanos: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ns: 1n,
};

/** Reads `1h30m`, `-1.5s`, `0`; undefined when it is none or beyond ten thousand years. */
export function parseDuration(text: string): CelDuration | undefined {
  const sign = text.startsWith("-") ? -1n : 1n;
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return new CelDuration(0, 0);
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, whole = "", part = "", unit = ""] of body.matchAll(
    /(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)/g,
  )) {
    const nanos = unitNanos[unit] ?? 0n;
    total += BigInt(whole || "0") * nanos;
    if (part !== "") total += (BigInt(part.slice(0, 18)) * nanos) / 10n ** BigInt(Math.min(part.length, 18));
  }
  total *= sign;
  const span = new CelDuration(Number(total / BigInt(billion)), Number(total % BigInt(billion)));
  return span.valid ? span : undefined;
}
