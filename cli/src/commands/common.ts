import { readFileSync } from "node:fs";
import type { Cli } from "../cli.ts";
import type { ArgumentSpec, OptionSpecs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { CliError, usageError } from "../failure.ts";

/** A whole number from an option; undefined stays undefined. */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) {
    throw usageError(
      `--${name} is a whole number, not "${text}".`,
      `--${name}은(는) 정수여야 합니다: "${text}"`,
    );
  }
  return Number(text);
}

export const commaList = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** An instant from ISO 8601 text, or from now on: `90d`, `12h`, `30m`. */
export function instantOf(name: string, text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const span = /^(\d+)([dhm])$/.exec(text);
  if (span) {
    const unit = { d: 86_400_000, h: 3_600_000, m: 60_000 }[span[2] as "d" | "h" | "m"];
    return new Date(now + Number(span[1]) * unit).toISOString();
  }
  const at = Date.parse(text);
  if (Number.isNaN(at)) {
    throw usageError(
      `--${name} is an instant such as 2030-01-31T09:00:00Z, or a span such as 90d, 12h, 30m.`,
      `--${name}은(는) 2030-01-31T09:00:00Z 같은 시각이거나 90d, 12h, 30m 같은 기간이어야 합니다.`,
    );
  }
  return new Date(at).toISOString();
}

/** The JSON of a file, or of standard input for `-`. */
export async function readJson(cli: Pick<Cli, "machine">, path: string): Promise<unknown> {
  const text = path === "-" ? await cli.machine.readStdin() : readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new CliError(exitCodes.refused, {
      en: `${path} is not JSON: ${why}`,
      ko: `${path}이(가) JSON 형식이 아닙니다: ${why}`,
    });
  }
}

/** The same for JSON that must be an object. */
export async function readJsonObject(
  cli: Pick<Cli, "machine">,
  path: string,
): Promise<Record<string, unknown>> {
  const value = await readJson(cli, path);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new CliError(exitCodes.refused, {
    en: `${path} must hold a JSON object.`,
    ko: `${path}에는 JSON 객체가 있어야 합니다.`,
  });
}

export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new CliError(exitCodes.notFound, {
      en: `The file ${path} cannot be read.`,
      ko: `${path} 파일을 읽을 수 없습니다.`,
    });
  }
}

export const argument = (
  name: string,
  en: string,
  ko: string,
  more: Partial<ArgumentSpec> = {},
): ArgumentSpec => ({
  name,
  summary: { en, ko },
  ...more,
});

/** The options of every list. */
export const pageOptions = {
  limit: { type: "string", value: "N", summary: { en: "So many at most (50)", ko: "최대 개수 (50)" } },
  cursor: { type: "string", summary: { en: "Continue after this place", ko: "이 위치 다음부터" } },
  all: { type: "boolean", summary: { en: "Everything, page after page", ko: "모든 쪽" } },
} as const satisfies OptionSpecs;

export const projectOption = {
  project: { type: "string", value: "ID", summary: { en: "Only this project", ko: "이 프로젝트만" } },
} as const satisfies OptionSpecs;
