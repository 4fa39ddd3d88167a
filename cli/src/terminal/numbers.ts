/** A score to three places, or a dash where there is none. */
export function score(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(3);
}

/** A difference with its sign. */
export function signed(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** A share in percent: whole, but never rounded up to 100 or down to 0. */
export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value > 0 && value < 0.01) return "<1 %";
  if (value > 0.99 && value < 1) return ">99 %";
  return `${Math.round(value * 100)} %`;
}

export function interval(limits: { readonly low: number; readonly high: number } | null | undefined): string {
  return limits ? `${score(limits.low)} … ${score(limits.high)}` : "–";
}

/** A p value; small ones only say how small. */
export function pValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value < 0.001 ? "<0.001" : value.toFixed(3);
}

/** Millionths of the tenant's currency. */
export function money(micros: number): string {
  const places = micros === 0 || micros >= 1_000_000 ? 2 : micros >= 100 ? 4 : 6;
  return (micros / 1_000_000).toFixed(places);
}

/** A length of time: `840 ms`, `12 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** An instant to the second, in the zone of the terminal. */
export function instant(iso: string | null | undefined): string {
  if (!iso) return "–";
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
