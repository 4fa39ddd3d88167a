import { describe, expect, it } from "vitest";
import type { Command, SingleCommand } from "../../../src/modules/jobs/index.ts";
import { groupedCommands } from "../../../src/objects/grouped-commands.ts";

const beat = (token: number): SingleCommand => ({ type: "heartbeat", jobId: "job_1", token });

/** An object that answers each command with its token once it is let go; `refuse` makes a call fail. */
function slowObject(refuse: (command: Command) => unknown = () => undefined) {
  const calls: Command[] = [];
  const gates: (() => void)[] = [];
  const answer = (command: SingleCommand) => ("token" in command ? command.token : null);
  const execute = async (command: Command): Promise<unknown> => {
    calls.push(command);
    await new Promise<void>((resolve) => gates.push(resolve));
    const refusal = refuse(command);
    if (refusal !== undefined) throw refusal;
    return command.type === "batch" ? { ok: true, replies: command.commands.map(answer) } : answer(command);
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  const letGo = async () => {
    await settled();
    for (const gate of gates.splice(0)) gate();
    await settled();
  };
  return { calls, execute, letGo };
}

const sizes = (calls: readonly Command[]) =>
  calls.map((call) => (call.type === "batch" ? call.commands.length : 1));

describe("commands of one consumer", () => {
  it("go together when they are said at once, and each is answered for itself", async () => {
    const { calls, execute, letGo } = slowObject();
    const send = groupedCommands(execute);
    const replies = Promise.all([1, 2, 3].map((token) => send(beat(token))));
    await letGo();
    expect(await replies).toEqual([1, 2, 3]);
    expect(calls).toEqual([{ type: "batch", commands: [beat(1), beat(2), beat(3)] }]);
  });

  it("wait for the call that is under way and then go together, in their order", async () => {
    const { calls, execute, letGo } = slowObject();
    const send = groupedCommands(execute);
    const first = send(beat(1));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(calls).toEqual([beat(1)]);
    const others = Promise.all([2, 3].map((token) => send(beat(token))));
    await letGo();
    await letGo();
    expect([await first, await others]).toEqual([1, [2, 3]]);
    expect(calls[1]).toEqual({ type: "batch", commands: [beat(2), beat(3)] });
    const last = send(beat(4));
    await letGo();
    expect(await last).toBe(4);
  });

  it("are a hundred in a call at most", async () => {
    const { calls, execute, letGo } = slowObject();
    const send = groupedCommands(execute);
    const replies = Promise.all(Array.from({ length: 230 }, (_, token) => send(beat(token))));
    for (let i = 0; i < 3; i++) await letGo();
    expect((await replies).at(-1)).toBe(229);
    expect(sizes(calls)).toEqual([100, 100, 30]);
  });

  it("don't fail for another's fault: a group that failed is sent one by one", async () => {
    const fault = new Error("fault");
    const bad = (command: Command): boolean =>
      command.type === "batch" ? command.commands.some(bad) : "token" in command && command.token === 2;
    const { calls, execute, letGo } = slowObject((command) => (bad(command) ? fault : undefined));
    const send = groupedCommands(execute);
    const replies = Promise.allSettled([1, 2, 3].map((token) => send(beat(token))));
    for (let i = 0; i < 4; i++) await letGo();
    expect((await replies).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(sizes(calls)).toEqual([3, 1, 1, 1]);
  });

  it("fail together, and at once, when the object is overloaded", async () => {
    const overloaded = Object.assign(new Error("overloaded"), { overloaded: true });
    const { calls, execute, letGo } = slowObject(() => overloaded);
    const send = groupedCommands(execute);
    const replies = Promise.allSettled([1, 2].map((token) => send(beat(token))));
    await letGo();
    expect((await replies).map((reply) => (reply as PromiseRejectedResult).reason)).toEqual([
      overloaded,
      overloaded,
    ]);
    expect(sizes(calls)).toEqual([2]);
  });
});
