const WRITTEN = /^[+-]?\d+(\.\d+)?(e[+-]?\d+|n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** Whether Kubernetes takes it for a quantity. */
export function isAmount(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && WRITTEN.test(value));
}

const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["k", "M", "G", "T", "P", "E"];

/** Bytes in the family of units that `like` is written in, in the largest one that divides them. */
export function bytesLike(bytes: number, like: unknown): string {
  const binary = typeof like === "string" && like.endsWith("i");
  const step = binary ? 1024 : 1000;
  let rest = bytes;
  let unit = "";
  for (const next of binary ? BINARY : DECIMAL) {
    if (rest === 0 || rest % step !== 0) break;
    rest /= step;
    unit = next;
  }
  return `${rest}${unit}`;
}

/** Thousandths of a processor as a quantity: 400 -> "400m", 2000 -> "2". */
export function millisText(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}
