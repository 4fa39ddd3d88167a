import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../../../cli/src/commands.ts";
import { runCli } from "../../../../cli/src/run-cli.ts";
import { fakeMachine } from "../fake-machine.ts";

const folder = mkdtempSync(join(tmpdir(), "maru-rule-tests-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rule = `
name: hot
key: [data.room]
keyLabels: [room]
trigger: { kind: filter, value: data.celsius }
condition: { kind: static, of: value, open: { op: ">", value: 30 } }
`;
const tests = (expected: string) => `
ruleFiles: [hot.yaml]
tests:
  - name: warm rooms alert
    events:
      - { at: 0, data: { room: attic, celsius: 31 } }
    expect:
      - { at: 1m, alerts: ${expected} }
`;

async function run(name: string, text: string, ...more: string[]) {
  writeFileSync(join(folder, "hot.yaml"), rule);
  writeFileSync(join(folder, name), text);
  const machine = fakeMachine();
  const exitCode = await runCli(["rules", "test", join(folder, name), ...more], commands, machine);
  return { exitCode, out: machine.out(), err: machine.err() };
}

describe("rules test", () => {
  it("passes with exit code 0, without a server", async () => {
    const { exitCode, out } = await run("good.yaml", tests("[{ labels: { room: attic } }]"));
    expect(exitCode).toBe(0);
    expect(out).toContain("pass  warm rooms alert (hot)");
  });

  it("fails with exit code 1 and says what is missing and what is there", async () => {
    const { exitCode, out } = await run("bad.yaml", tests("[{ labels: { room: cellar } }]"));
    expect(exitCode).toBe(1);
    expect(out).toContain('    1m alerts\n      - {room="cellar"} firing\n      + {room="attic"} firing');
    const { out: json } = await run("bad.yaml", tests("[]"), "--json");
    expect(JSON.parse(json)).toMatchObject({ ok: false, failed: 1 });
  });

  it("refuses a file that can't be read as tests, with the place", async () => {
    const unknown = await run("odd.yaml", tests("[{ state: firing }]"));
    expect(unknown.exitCode).toBe(65);
    expect(unknown.err).toContain("/tests/0/expect/0/alerts/0/state");
    const broken = await run("broken.yaml", "tests: [");
    expect(broken.exitCode).toBe(65);
    expect(broken.err).toContain("neither YAML nor JSON");
  });
});
