import { styleText } from "node:util";

export type Paint = Readonly<
  Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", (text: string) => string>
>;

/** Colours, or none. */
export function paintOf(enabled: boolean): Paint {
  const style = (format: "bold" | "dim" | "red" | "green" | "yellow" | "cyan") => (text: string) =>
    enabled ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}

/** Whether a stream is coloured: `--no-color` and NO_COLOR (no-color.org) turn it off, FORCE_COLOR on. */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
  refused: boolean,
): boolean {
  if (refused || (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb") return false;
  if ((env.FORCE_COLOR ?? "") !== "" && env.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true;
}
