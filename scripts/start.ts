import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { Api } from "../cli/src/client/api.ts";
import { finish } from "../cli/src/commands/run.ts";
import { createCli } from "../cli/src/create-cli.ts";
import { exitCodes } from "../cli/src/exit-codes.ts";
import { explainFailure } from "../cli/src/explain-failure.ts";
import { chooseLanguage } from "../cli/src/language/language.ts";
import { thisMachine } from "../cli/src/machine.ts";
import { uploadDataset } from "../cli/src/upload-dataset.ts";
import type { Job } from "../contracts/jobs.ts";
import { type DemoCluster, DemoSite } from "./demo-cluster.ts";
import { type DemoTenant, openDemo } from "./demo-tenant.ts";
import { localVars } from "./local-vars.ts";
import { type LocalWorker, portInUse, startLocalWorker } from "./local-worker.ts";
import { showCluster } from "./show-cluster.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const port = Number(process.env.PORT || 8787);
const stateDir = process.env.MARU_STATE_DIR || join(root, ".maru");
const demoFile = join(stateDir, "demo.json");
const siteFolder = join(stateDir, "cluster");

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
  const site = new DemoSite(siteFolder);
  const worker = await Promise.race([
    startLocalWorker({ port, stateDir: join(stateDir, "state"), vars: localVars(process.env) }),
    interrupted,
  ]);
  return typeof worker === "number" ? worker : serve(worker, site);
}

let stopping = false;

async function serve(worker: LocalWorker, site: DemoSite): Promise<number> {
  const died = worker.ended.then((code) => {
    if (!stopping) console.error(say.workerEnded(code, near(worker.logFile)));
    return exitCodes.failed;
  });
  try {
    const shown = demonstrate(worker, site).then((exitCode) => {
      if (values.once) return exitCode;
      console.log(`\n${say.serving}`);
      return interrupted;
    });
    return await Promise.race([shown, interrupted, died]);
  } finally {
    stopping = true;
    await Promise.all([site.stop(), worker.stop()]);
  }
}

/** Evaluates the bundled sample and shows the simulated cluster, both through the public API as anybody would. */
async function demonstrate({ url, secrets }: LocalWorker, site: DemoSite): Promise<number> {
  const api = await openDemo(url, secrets.MARU_BOOTSTRAP_TOKEN ?? "", demoFile);
  const connecting = site.connect(api).catch((error: unknown) => whyNot(error));
  const exitCode = await evaluate(api);
  const cluster = await connecting;
  const hints = cluster && (await showCluster(cli, api, cluster).catch((error: unknown) => whyNot(error)));
  if (cluster) watch(cluster);
  const { tenant, email } = JSON.parse(readFileSync(demoFile, "utf8")) as DemoTenant;
  const password = `node -p "JSON.parse(fs.readFileSync('${near(demoFile)}')).password"`;
  const login = `npx maru login --endpoint ${url} --tenant ${tenant} --email ${email} --stdin`;
  const commands = [`${password} | ${login}`, "npx maru runs list", ...(hints ?? [])];
  console.log(["", say.demoSignIn(near(demoFile)), ...commands.map((line) => `  ${line}`)].join("\n"));
  return exitCode === exitCodes.ok && hints === undefined ? exitCodes.failed : exitCode;
}

/** Sends the bundled sample and prints what came of it. */
async function evaluate(api: Api): Promise<number> {
  const sample = join(root, "cli", "samples", "bank-help-desk.jsonl");
  const dataset = await uploadDataset(api, { path: sample });
  console.log(say.uploaded(`${dataset.name}@${dataset.version}`, dataset.recordCount));
  const request = { dataset: `${dataset.id}@${dataset.version}`, metrics: [], name: "Bank help desk" };
  return finish(cli, api, await api.call<Job>("jobs.job.submit", request));
}

/** The cluster is no reason to take the rest away. */
function whyNot(error: unknown): undefined {
  if (stopping) return;
  const { lines } = explainFailure(error, say, language);
  console.error(`\n${say.clusterFailed(lines.join(" "), near(siteFolder))}`);
}

function watch({ programs }: DemoCluster): void {
  for (const { program, command } of programs)
    void program.ended.then((code) => {
      if (!stopping) console.error(say.programEnded(near(program.logFile), code, command));
    });
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
