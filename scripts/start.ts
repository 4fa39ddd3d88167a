import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { finish } from "../cli/src/commands/run.ts";
import { createCli } from "../cli/src/create-cli.ts";
import { exitCodes } from "../cli/src/exit-codes.ts";
import { explainFailure } from "../cli/src/explain-failure.ts";
import { chooseLanguage } from "../cli/src/language/language.ts";
import { thisMachine } from "../cli/src/machine.ts";
import { uploadDataset } from "../cli/src/upload-dataset.ts";
import type { Job } from "../contracts/jobs.ts";
import { type DemoTenant, openDemo } from "./demo-tenant.ts";
import { localVars } from "./local-vars.ts";
import { type LocalWorker, portInUse, startLocalWorker } from "./local-worker.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const port = Number(process.env.PORT || 8787);
const stateDir = process.env.MARU_STATE_DIR || join(root, ".maru");
const demoFile = join(stateDir, "demo.json");

const language = chooseLanguage(undefined, process.env);
const globals = {
  json: false,
  quiet: false,
  color: true,
  lang: undefined,
  endpoint: undefined,
  authProfile: undefined,
};
// An interrupt ends the whole server here, so watching the job must not take it.
const cli = createCli({ ...thisMachine, onInterrupt: () => () => {} }, globals, language);
const { say } = cli;

const interrupted = new Promise<number>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => resolve(exitCodes.ok));
});

async function main(): Promise<number> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    console.error(say.portWrong(process.env.PORT ?? ""));
    return exitCodes.usage;
  }
  if (await portInUse(port)) {
    console.error(say.portTaken(port));
    return exitCodes.unavailable;
  }
  console.log(say.starting(`http://localhost:${port}`, near(stateDir)));
  const worker = await Promise.race([
    startLocalWorker({ port, stateDir: join(stateDir, "state"), vars: localVars(process.env) }),
    interrupted,
  ]);
  return typeof worker === "number" ? worker : serve(worker);
}

async function serve(worker: LocalWorker): Promise<number> {
  let stopping = false;
  const died = worker.ended.then((code) => {
    if (!stopping) console.error(say.workerEnded(code, near(worker.logFile)));
    return exitCodes.failed;
  });
  try {
    const shown = demonstrate(worker).then((exitCode) => {
      if (values.once) return exitCode;
      console.log(`\n${say.serving}`);
      return interrupted;
    });
    return await Promise.race([shown, interrupted, died]);
  } finally {
    stopping = true;
    await worker.stop();
  }
}

/** Sends the bundled sample through the public API, as anybody would, and prints what came of it. */
async function demonstrate({ url, secrets }: LocalWorker): Promise<number> {
  const api = await openDemo(url, secrets.MARU_BOOTSTRAP_TOKEN ?? "", demoFile);
  const sample = join(root, "cli", "samples", "bank-help-desk.jsonl");
  const dataset = await uploadDataset(api, { path: sample });
  console.log(say.uploaded(`${dataset.name}@${dataset.version}`, dataset.recordCount));
  const request = { dataset: `${dataset.id}@${dataset.version}`, metrics: [], name: "Bank help desk" };
  const exitCode = await finish(cli, api, await api.call<Job>("jobs.job.submit", request));
  const { tenant, email } = JSON.parse(readFileSync(demoFile, "utf8")) as DemoTenant;
  const password = `node -p "JSON.parse(fs.readFileSync('${near(demoFile)}')).password"`;
  const login = `npx maru login --endpoint ${url} --tenant ${tenant} --email ${email} --stdin`;
  console.log(`\n${say.demoSignIn(near(demoFile))}\n  ${password} | ${login}\n  npx maru runs list`);
  return exitCode;
}

/** A path as it is typed from here. */
function near(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

try {
  process.exit(await main());
} catch (error) {
  const { lines, exitCode } = explainFailure(error, say, language);
  console.error(lines.join("\n"));
  process.exit(exitCode);
}
