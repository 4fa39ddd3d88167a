const UNITS: Readonly<Record<string, number>> = {
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
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/;

/** A quantity as a number of its unit: `500m` is 0.5, `1Gi` 1073741824. Undefined for what is none. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const read = typeof value === "string" ? QUANTITY.exec(value) : null;
  const unit = UNITS[read?.[3] ?? ""];
  return read && unit !== undefined ? Number(`${read[1]}${read[2] ?? ""}`) * unit : undefined;
}

const BINARY = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki"];

/** The shortest exact way to write a number of bytes, things or thousandths. */
export function quantityText(amount: number): string {
  if (!Number.isInteger(amount)) return `${Math.round(amount * 1000)}m`;
  const unit = amount === 0 ? undefined : BINARY.find((one) => amount % (UNITS[one] ?? 1) === 0);
  return unit ? `${amount / (UNITS[unit] ?? 1)}${unit}` : String(amount);
}
