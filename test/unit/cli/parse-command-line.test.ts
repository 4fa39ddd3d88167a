import { describe, expect, it } from "vitest";
import { isAction } from "../../../cli/src/client/operation-request.ts";
import { commands } from "../../../cli/src/commands.ts";
import { languages } from "../../../cli/src/language/language.ts";
import { parseCommandLine } from "../../../cli/src/parse-command-line.ts";

const parse = (...argv: string[]) => parseCommandLine(argv, commands);

describe("a command line", () => {
  it("finds the command with the longest name, wherever the common options stand", () => {
    expect(parse("jobs", "list").command?.path).toBe("jobs list");
    expect(parse("--lang", "ko", "jobs", "--json", "list").command?.path).toBe("jobs list");
    expect(parse("--endpoint=http://x", "run", "a.jsonl").command?.path).toBe("run");
    expect(parse("jobs").command).toBeUndefined();
  });

  it("keeps the model profile and the auth profile apart", () => {
    const { input, globals } = parse("run", "a.jsonl", "--profile", "judge", "--auth-profile", "prod");
    expect(input.options.profile).toBe("judge");
    expect(globals.authProfile).toBe("prod");
  });

  it("reads repeated options, inline values and arguments", () => {
    const { input } = parse("run", "a.jsonl", "--metrics", "a,b", "--metrics=c", "--threshold", "a=-1");
    expect(input.options.metrics).toEqual(["a,b", "c"]);
    expect(input.argument("dataset")).toBe("a.jsonl");
    expect(parse("jobs", "redrive", "job_1", "job_2").input.rest).toEqual(["job_1", "job_2"]);
    expect(parse("gate", "none", "run_2", "--policy", "-").input.options.policy).toBe("-");
  });

  it("takes any option of `api` as a field, and of no other command", () => {
    const { input } = parse(
      "api",
      "access.project.create",
      "--name",
      "Call centre",
      "--is-default",
      "--json",
    );
    expect(input.open).toEqual({ name: "Call centre", "is-default": "true" });
    expect(input.argument("action")).toBe("access.project.create");
    expect(() => parse("jobs", "list", "--colour")).toThrow("There is no option --colour here.");
  });

  it("refuses a missing value, a wrong choice, a missing and a surplus argument", () => {
    expect(() => parse("jobs", "list", "--status")).toThrow("--status needs a value.");
    expect(() => parse("jobs", "list", "--status", "--json")).toThrow("--status needs a value.");
    expect(() => parse("jobs", "list", "--status", "BUSY")).toThrow("--status is one of QUEUED,");
    expect(() => parse("jobs", "list", "--json=1")).toThrow("--json takes no value.");
    expect(() => parse("jobs", "get")).toThrow("<id> is missing");
    expect(() => parse("jobs", "get", "a", "b")).toThrow('"b" is one argument too many');
  });

  it("asks for no argument when only help is wanted", () => {
    expect(parse("jobs", "get", "--help").help).toBe(true);
  });
});

describe("the commands", () => {
  it("have names of their own and help in every language", () => {
    expect(new Set(commands.map(({ path }) => path)).size).toBe(commands.length);
    for (const command of commands) {
      const texts = [
        command.summary,
        ...(command.arguments ?? []).map(({ summary }) => summary),
        ...Object.values(command.options ?? {}).map(({ summary }) => summary),
      ];
      for (const text of texts) {
        for (const language of languages) expect(text[language], command.path).not.toBe("");
      }
    }
  });

  it("leave the names of the common options alone", () => {
    for (const { path, options } of commands) {
      for (const name of ["json", "quiet", "no-color", "lang", "endpoint", "auth-profile", "help"]) {
        expect(Object.keys(options ?? {}), path).not.toContain(name);
      }
    }
  });

  it("know what is an action and what is not", () => {
    expect(isAction("jobs.job.get")).toBe(true);
    expect(isAction("toString")).toBe(false);
  });
});
