import { basename } from "node:path";
import type { LocalRequest } from "../../../src/local.ts";
import type { Cli } from "../cli.ts";
import type { Values } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { localJudge } from "../local-judge.ts";
import { asRefusal } from "../local-refusal.ts";
import { datasetName, fileBody } from "../upload-dataset.ts";
import { importReport } from "../views/import-report.ts";
import { runReport } from "../views/run-report.ts";
import { readJsonObject, wholeNumber } from "./common.ts";
import type { readingOptions } from "./reading-options.ts";
import { metricsOf, type RunOptionValues } from "./run-request.ts";

type LocalOptions = RunOptionValues & Values<typeof readingOptions>;

/** Evaluates a file in this process, by the code that the Worker runs; nothing is sent to a server. */
export async function runLocally(cli: Cli, path: string, options: LocalOptions): Promise<ExitCode> {
  if (options.sheet !== undefined || options.mapping !== undefined) {
    throw usageError("--sheet and --mapping need a server.", "--sheet와 --mapping은 서버가 있어야 합니다.");
  }
  const { machine, out, say } = cli;
  const bar = out.progress(machine.transport.now);
  const stop = new AbortController();
  const stopListening = machine.onInterrupt(() => stop.abort());
  const request = await requestOf(cli, path, options);
  const { evaluateLocally } = await import("../../../src/local.ts");
  try {
    const result = await evaluateLocally({
      ...request,
      signal: stop.signal,
      onProgress: (done, total) =>
        bar.show(
          { total, done, failed: 0, skipped: 0 },
          done < total ? say.jobStatus.RUNNING : say.jobStatus.SUCCEEDED,
        ),
    });
    bar.clear();
    const run = { name: options.name ?? datasetName(path), ...result };
    if (result.report.problems.length > 0) out.note(importReport(cli, result.report));
    out.result(run, () => `${runReport(cli, run)}\n\n${say.localRun}`);
    return exitCodes.ok;
  } catch (error) {
    bar.clear();
    if (stop.signal.aborted) return exitCodes.interrupted;
    throw asRefusal(error);
  } finally {
    stopListening();
  }
}

async function requestOf(cli: Cli, path: string, options: LocalOptions): Promise<LocalRequest> {
  const file = await fileBody(path).open();
  const profile = options.profile === undefined ? undefined : await readJsonObject(cli, options.profile);
  const numbers = {
    maxCases: wholeNumber("max-cases", options["max-cases"]),
    repeats: wholeNumber("repeats", options.repeats),
    seed: wholeNumber("seed", options.seed),
    concurrency: wholeNumber("concurrency", options.concurrency),
    format: options.format,
    encoding: options.encoding,
  };
  return {
    stream: file.stream(),
    fileName: basename(path),
    metrics: await metricsOf(cli, options),
    ...(profile ? { judge: localJudge(profile, cli.machine.env) } : {}),
    ...(Object.fromEntries(
      Object.entries(numbers).filter(([, value]) => value !== undefined),
    ) as Partial<LocalRequest>),
  };
}
