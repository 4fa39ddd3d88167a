const scales: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
};

/** The number that a Kubernetes quantity stands for (`20Gi`, `500m`, `1e3`), or null when it is none. */
export function quantityOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const match = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    value.trim(),
  );
  if (match === null) return null;
  const [, digits = "", exponent, unit = ""] = match;
  return exponent === undefined ? Number(digits) * (scales[unit] ?? 1) : Number(digits + exponent);
}

/** The same in whole bytes. */
export function bytesOf(value: unknown): number | null {
  const amount = quantityOf(value);
  return amount === null ? null : Math.ceil(amount);
}
