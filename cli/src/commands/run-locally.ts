import type { Cli } from "../cli.ts";
import type { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { RunOptionValues } from "./run-request.ts";
export async function runLocally(_cli: Cli, _path: string, _options: RunOptionValues): Promise<ExitCode> {
  throw usageError("local", "local");
}
