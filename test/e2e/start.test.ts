import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import { until } from "./support/api.ts";
import { freePort } from "./support/free-port.ts";
import { start } from "./support/maru.ts";

describe("npm start", () => {
  const folder = mkdtempSync(join(tmpdir(), "maru-start-"));
  const identityFile = join(folder, "cluster", "agent", "state", "identity.json");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("evaluates the bundled sample on a fresh machine, and again on the state that it kept", async () => {
    const env = { PORT: String(await freePort()), MARU_STATE_DIR: folder };
    const first = await start("scripts/start.ts", ["--once"], env).ended;
    expect(first.stderr).toMatch(/46\/46/);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain("Data set bank-help-desk@1: 46 cases.");
    expect(first.stdout).toMatch(/^token_f1 +0\.\d{3} +98 % +0\.\d{3} … 0\.\d{3} +\d+\/45$/m);
    expect(first.stdout).toMatch(/^exact_match/m);
    expect(first.stdout).toContain(`http://localhost:${env.PORT}/docs`);
    expect(first.stdout).toMatch(new RegExp(`http://localhost:${env.PORT}/v1/runs/run_\\w+`));
    const demoFile = join(folder, "demo.json");
    expect(statSync(demoFile).mode & 0o777).toBe(0o600);
    const { password } = JSON.parse(readFileSync(demoFile, "utf8")) as { password: string };
    expect(first.stdout + first.stderr).not.toContain(password);

    expect(first.stdout).toContain("Cluster lab (simulated)");
    expect(first.stdout).toMatch(/^harvester-01 +ready +management/m);
    expect(first.stdout).toMatch(/^default\/web-01 +Running +harvester-\d+ +172\./m);
    expect(first.stdout).toMatch(/^ {2}npx maru vms console default\/\S+ --cluster lab$/m);
    const agent = readFileSync(identityFile, "utf8");
    await expect(fetch(`${simulatedCluster()}/readyz`)).rejects.toThrow();

    const second = await start("scripts/start.ts", ["--once"], env).ended;
    expect(second.code).toBe(0);
    expect(second.stdout).toContain("Data set bank-help-desk@1: 46 cases.");
    expect(JSON.parse(readFileSync(demoFile, "utf8"))).toMatchObject({ password });
    expect(second.stdout).toMatch(/^harvester-01 +ready +management/m);
    expect(readFileSync(identityFile, "utf8")).toBe(agent);
  }, 180_000);

  it("serves the rest when the agent can't start, and says what to do", async () => {
    const agentYaml = join(folder, "cluster", "agent", "agent.yaml");
    const whole = readFileSync(agentYaml, "utf8");
    appendFileSync(agentYaml, "typo: true\n");
    const { url, running } = await serving();
    await until("the failure is told", async () => running.stderr().includes("simulated cluster"), 60_000);
    expect(running.stderr()).toMatch(
      /agent\.yaml is not right:\n.*"typo"|ended with code 2; see .*agent\.log/,
    );
    expect(running.stderr()).toContain(`delete that folder`);
    expect((await fetch(`${url}/ready`)).ok).toBe(true);
    writeFileSync(agentYaml, whole);
    running.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
  }, 120_000);

  it("says how to move when its port is taken", async () => {
    const { port } = new URL(inject("e2eEndpoint"));
    const ended = await start("scripts/start.ts", [], { PORT: port, MARU_STATE_DIR: folder }).ended;
    expect(ended.code).toBe(69);
    expect(ended.stderr).toContain(`PORT=${Number(port) + 1} npm start`);
  });

  it("serves until it is interrupted, and then ends cleanly", async () => {
    const { url, running } = await serving();
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
    await expect(fetch(`${url}/ready`)).rejects.toThrow();
  });

  it("leaves neither a Worker nor a simulated cluster behind when it is killed", async () => {
    const { url, running } = await serving();
    await until(
      "the simulated cluster is up",
      async () => (await fetch(`${simulatedCluster()}/version`)).status > 0,
      30_000,
    );
    const addresses = [`${url}/ready`, `${simulatedCluster()}/version`];
    running.kill("SIGKILL");
    await running.ended;
    const refused = (address: string) =>
      fetch(address).then(
        () => false,
        () => true,
      );
    for (const address of addresses) await until("nothing listens any more", () => refused(address), 10_000);
  });

  function simulatedCluster(): string {
    const kubeconfig = readFileSync(join(folder, "cluster", "kubeconfig.yaml"), "utf8");
    return /server: (\S+)/.exec(kubeconfig)?.[1] ?? "";
  }

  async function serving() {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const running = start("scripts/start.ts", [], { PORT: String(port), MARU_STATE_DIR: folder });
    await until("the Worker is ready", async () => (await fetch(`${url}/ready`)).ok, 30_000);
    return { url, running };
  }
});
