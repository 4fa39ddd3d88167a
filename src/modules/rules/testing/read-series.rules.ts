import { jsonPointer, problem } from "../../../kernel/problem.ts";

const mostValues = 10_000;
const number = "-?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?";
const token = new RegExp(`^(_|NaN|${number})(?:([+-]${number.slice(2)})?x(\\d+))?$`, "i");

/**
 * The values of a series in Prometheus' notation for tests; null is no sample. `axn` is a and n repetitions of it,
 * `a+bxn` and `a-bxn` go on by b.
 * @throws invalid_input `rules.test_series` at `path`
 */
export function readSeries(text: string, path: readonly PropertyKey[]): (number | null)[] {
  const values: (number | null)[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const [, first = "", step = "0", times = "0"] = token.exec(word) ?? [];
    if (first === "" || values.length + Number(times) >= mostValues) throw unreadable(word, path);
    for (let i = 0; i <= Number(times); i++) {
      const isNothing = first === "_" || first.toLowerCase() === "nan";
      values.push(isNothing ? null : Number(first) + i * Number(step));
    }
  }
  return values;
}

function unreadable(word: string, path: readonly PropertyKey[]) {
  const message = `"${word}" is no value of a series; write 5, _, 1x3 or 1+2x3, at most ${mostValues} values.`;
  return problem("invalid_input", "rules.test_series", message, {
    errors: [{ pointer: jsonPointer(path), code: "series", message }],
  });
}
