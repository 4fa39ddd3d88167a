import { describe, expect, it } from "vitest";
import { commands } from "../../../cli/src/commands.ts";
import { english } from "../../../cli/src/language/english.ts";
import { korean } from "../../../cli/src/language/korean.ts";
import { chooseLanguage } from "../../../cli/src/language/language.ts";
import { runCli } from "../../../cli/src/run-cli.ts";
import { type FakeOptions, fakeMachine, json, problemAnswer } from "./fake-machine.ts";

async function maru(argv: readonly string[], options: FakeOptions = {}) {
  const machine = fakeMachine(options);
  const code = await runCli(argv, commands, machine);
  return { code, out: machine.out(), err: machine.err() };
}

describe("maru", () => {
  it("prints its help and version", async () => {
    const help = await maru(["--help"]);
    expect(help.code).toBe(0);
    expect(help.out).toContain("jobs redrive [ids…]");
    expect((await maru(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const one = await maru(["gate", "--help", "--lang", "ko"]);
    expect(one.out).toContain("사용법: maru gate <baseline> <candidate>");
  });

  it("ends with 64 for a command line that it cannot read, in the user's language", async () => {
    expect(await maru(["jbos"])).toMatchObject({
      code: 64,
      err: expect.stringContaining('There is no command "jbos"'),
    });
    const korean = await maru(["jbos"], { env: { LANG: "ko_KR.UTF-8" } });
    expect(korean.err).toContain('"jbos" 명령은 없습니다.');
    for (const asked of [["--lang", "ko"], ["--lang=ko"]]) {
      const { code, err } = await maru(["sources", "set-aside", ...asked], { env: { LANG: "C" } });
      expect([code, err]).toEqual([64, expect.stringMatching(/^오류: .*<id>/)]);
    }
    expect((await maru(["jobs"])).code).toBe(64);
    expect((await maru(["whoami", "--lang", "fr"])).code).toBe(64);
  });

  it("names the fields of an operation in its help, and the operations near one that isn't there", async () => {
    const help = await maru(["api", "harvester.vm.update", "--help"]);
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/^ {2}--namespace +path, required$/m);
    expect(help.out).toMatch(/^ {2}--resourceVersion +body$/m);
    const korean = await maru(["api", "harvester.vm.list", "--help", "--lang", "ko"]);
    expect(korean.out).toMatch(/필드:\n {2}--id +path, 필수\n/);
    expect((await maru(["api", "--help"])).out).not.toContain("Fields:");
    const wrong = await maru(["api", "harvester.vm.udpate", "--help"]);
    expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining("Near: harvester.")]);
  });

  it("sends fields of any operation as what they are: text that looks like a number stays text", async () => {
    const bodies: unknown[] = [];
    const answer = {
      env: { MARU_API_KEY: "key", MARU_ENDPOINT: "http://localhost" },
      fetch: (_: string, init: RequestInit) => {
        bodies.push(JSON.parse(String(init.body)));
        return json({});
      },
    };
    const at = ["--id", "clu_1", "--namespace", "default", "--name", "7"];
    const fields = [
      "--resourceVersion",
      "257",
      "--description",
      "true",
      "--cpu",
      "4",
      "--labels",
      '{"a":"1"}',
    ];
    expect(await maru(["api", "harvester.vm.update", ...at, ...fields], answer)).toMatchObject({ code: 0 });
    await maru(["api", "harvester.vm.update", ...at, "--description", '"said \\"so\\""'], answer);
    expect(bodies).toEqual([
      { resourceVersion: "257", description: "true", cpu: 4, labels: { a: "1" } },
      { description: 'said "so"' },
    ]);
  });

  it("shows every field that the server refuses, the request and what to do next", async () => {
    const errors = [
      { pointer: "/metrics/0", code: "unknown_metric", message: "There is no metric \u001b[31m." },
    ];
    const fetch = () => problemAnswer(422, "evaluation.metrics", { errors });
    const refused = await maru(["runs", "list"], { fetch });
    expect(refused.code).toBe(65);
    expect(refused.err.split("\n").slice(0, 3)).toEqual([
      "error: Refused: evaluation.metrics. (422 evaluation.metrics)",
      "  /metrics/0: There is no metric  [31m.",
      "request: req_1",
    ]);
    const forbidden = await maru(["runs", "list"], {
      fetch: () => problemAnswer(403, "access.scope_missing", { data: { scope: "runs:read" } }),
    });
    expect(forbidden.err).toContain('lacks the scope "runs:read"');
    expect(forbidden.code).toBe(77);
  });

  it("gives the same failure to machines as JSON on stderr, with nothing on stdout", async () => {
    const refused = await maru(["whoami", "--json"], {
      fetch: () => problemAnswer(401, "access.token_expired"),
    });
    expect(refused.out).toBe("");
    expect(JSON.parse(refused.err)).toMatchObject({ error: { status: 401, code: "access.token_expired" } });
  });

  it("prints a list as it came with --json, and walks every page with --all", async () => {
    const pages: Record<string, object> = {
      "": { items: [{ id: "a" }], nextCursor: "c2" },
      c2: { items: [{ id: "b" }], nextCursor: null },
    };
    const fetch = (url: string) => json(pages[new URL(url).searchParams.get("cursor") ?? ""]);
    expect(JSON.parse((await maru(["jobs", "list", "--json"], { fetch })).out)).toEqual(pages[""]);
    const all = await maru(["jobs", "list", "--json", "--all"], { fetch });
    expect(JSON.parse(all.out)).toEqual({ items: [{ id: "a" }, { id: "b" }], nextCursor: null });
  });

  it("sends the key of the environment, and calls the endpoint of the environment", async () => {
    const seen: string[] = [];
    const fetch = (url: string, init: RequestInit) => {
      seen.push(url, new Headers(init.headers).get("authorization") ?? "");
      return json({ items: [], nextCursor: null });
    };
    const env = { MARU_API_KEY: "maru_dev_x", MARU_ENDPOINT: "https://maru.example/base/" };
    expect(await maru(["keys", "list"], { fetch, env })).toMatchObject({
      code: 0,
      out: "There is nothing here.\n",
    });
    expect(seen).toEqual(["https://maru.example/base/v1/keys", "Bearer maru_dev_x"]);
  });

  it("takes a password from standard input or the environment, never from an argument", async () => {
    expect((await maru(["login", "--password", "x"])).code).toBe(64);
    expect((await maru(["login", "--tenant", "t", "--email", "a@b.c"])).err).toContain(
      "Nobody can be asked here.",
    );
  });

  it("completes commands and options", async () => {
    const { out } = await maru(["completion", "bash"]);
    expect(out).toContain('"jobs") words="cancel dead edit get inspect list redrive watch"');
    expect(out).toMatch(/"gate"\) words="[^"]*--policy/);
    expect((await maru(["completion", "fish"])).code).toBe(64);
  });
});

describe("the language", () => {
  it("is chosen by --lang, then MARU_LANG, then the locale", () => {
    expect(chooseLanguage("en", { LANG: "ko_KR.UTF-8" })).toBe("en");
    expect(chooseLanguage(undefined, { MARU_LANG: "ko", LANG: "en_US" })).toBe("ko");
    expect(chooseLanguage(undefined, { LC_ALL: "C", LANG: "ko_KR" })).toBe("en");
    expect(chooseLanguage(undefined, { LANG: "kok_IN" })).toBe("en");
  });

  it("says the same things in both", () => {
    expect(Object.keys(korean)).toEqual(Object.keys(english));
  });
});
