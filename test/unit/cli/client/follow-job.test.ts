import { describe, expect, it } from "vitest";
import { createApi } from "../../../../cli/src/client/api.ts";
import { followJob } from "../../../../cli/src/client/follow-job.ts";
import type { JobEvent } from "../../../../contracts/jobs.ts";
import { fakeMachine, json, problemAnswer } from "../fake-machine.ts";

const event = (jobSeq: number, type = "job.progress") =>
  `id: ${jobSeq}\nevent: ${type}\ndata: ${JSON.stringify({ seq: jobSeq, jobId: "job_1", jobSeq, type, at: 0, data: {} })}\n\n`;

const stream = (text: string) => new Response(text, { headers: { "content-type": "text/event-stream" } });

/** A server whose event stream gives these parts, one a connection; the job has ended when they are used up. */
function server(parts: readonly (string | (() => Response))[], last: number) {
  const resumed: (string | null)[] = [];
  const machine = fakeMachine({
    fetch: (url, init) => {
      if (!url.endsWith("/events")) {
        const status = resumed.length >= parts.length ? "SUCCEEDED" : "RUNNING";
        return json({ id: "job_1", status, lastEventSeq: last });
      }
      const part = parts[resumed.length] ?? "";
      resumed.push(new Headers(init.headers).get("last-event-id"));
      return typeof part === "string" ? stream(part) : part();
    },
  });
  const credentials = { header: async () => undefined, renew: async () => false };
  const api = createApi({ endpoint: "http://localhost", transport: machine.transport, credentials });
  return { api, resumed, machine };
}

async function collect(follow: AsyncGenerator<JobEvent, unknown>) {
  const seqs: number[] = [];
  for (;;) {
    const next = await follow.next();
    if (next.done) return { seqs, job: next.value };
    seqs.push(next.value.jobSeq);
  }
}

describe("following a job", () => {
  it("resumes after the last event seen, and gives each event once", async () => {
    const { api, resumed } = server([event(1) + event(2), event(2) + event(3), event(4, "job.succeeded")], 4);
    const { seqs, job } = await collect(followJob(api, "job_1"));
    expect(seqs).toEqual([1, 2, 3, 4]);
    expect(resumed).toEqual([null, "2", "3"]);
    expect(job).toMatchObject({ status: "SUCCEEDED" });
  });

  it("waits for a server that is away for a while", async () => {
    const broken = () => {
      throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    };
    const { api, machine } = server(
      [event(1), broken, () => problemAnswer(503, "x"), event(2, "job.succeeded")],
      2,
    );
    expect((await collect(followJob(api, "job_1"))).seqs).toEqual([1, 2]);
    expect(machine.waits.length).toBeGreaterThanOrEqual(3);
  });

  it("starts after the event that it is told", async () => {
    const { api, resumed } = server([event(8, "job.succeeded")], 8);
    expect((await collect(followJob(api, "job_1", { after: 7 }))).seqs).toEqual([8]);
    expect(resumed).toEqual(["7"]);
  });

  it("does not insist when the server refuses", async () => {
    const { api, machine } = server([() => problemAnswer(404, "jobs.unknown")], 1);
    await expect(collect(followJob(api, "job_1"))).rejects.toMatchObject({ exitCode: 66 });
    expect(machine.waits).toEqual([]);
  });

  it("gives up on a server that stays away", async () => {
    const machine = fakeMachine();
    const credentials = { header: async () => undefined, renew: async () => false };
    const api = createApi({ endpoint: "http://localhost", transport: machine.transport, credentials });
    await expect(collect(followJob(api, "job_1", { patienceMs: 30_000 }))).rejects.toMatchObject({
      exitCode: 69,
    });
    expect(machine.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(30_000);
  });
});
