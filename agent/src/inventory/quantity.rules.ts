const factors: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity as a number: `500m` is 0.5, `8Gi` is 8·2³⁰; 0 for anything that is none. */
export function quantity(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : 0;
  if (typeof value !== "string") return 0;
  const match = /^\+?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]+)|(n|u|m|k|[MGTPE]i?|Ki)?)$/.exec(
    value.trim(),
  );
  if (match === null) return 0;
  const [, number = "0", exponent, suffix = ""] = match;
  return Number(number) * (exponent === undefined ? (factors[suffix] ?? 0) : 10 ** Number(exponent));
}
