import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Job } from "../../contracts/jobs.ts";
import { newPerson, type Person, sample } from "./support/maru.ts";

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("a webhook at the end of a job", () => {
  const received: Received[] = [];
  const answers: number[] = [];
  const key = Buffer.alloc(32, 7);
  let receiver: Server;
  let origin: string;
  let person: Person;
  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(Buffer.from(part));
      received.push({
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      });
      response.writeHead(answers.shift() ?? 204).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    person = await newPerson(inject("e2eEndpoint"), inject("e2eBootstrapToken"));
    expect((await person.maru(["datasets", "upload", sample])).code).toBe(0);
    const secret = ["secrets", "set", "hook", "--stdin"];
    const set = await person.maru(secret, { stdin: `whsec_${key.toString("base64")}` });
    expect(set.code, set.stderr).toBe(0);
    expect((await person.maru(["secrets", "set", "weak", "--stdin"], { stdin: "letmein" })).code).toBe(0);
  });
  afterAll(() => {
    receiver.close();
    person.leave();
  });

  const submit = (callback: object) => {
    const body = JSON.stringify({ dataset: "bank-help-desk", metrics: ["token_f1"], callback });
    return person.maru(["api", "jobs.job.submit", "--body", "@-", "--json"], { stdin: body });
  };

  it("is signed so that the receiver can tell who sent it, and comes again with the same id", async () => {
    answers.push(503);
    const submitted = await submit({ url: `${origin}/done?token=t1`, secretName: "hook" });
    expect(submitted.code, submitted.stderr).toBe(0);
    const job = JSON.parse(submitted.stdout) as Job;
    const [first, second] = await until(() => (received.length >= 2 ? received : undefined));
    expect(first?.path).toBe("/done?token=t1");
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    for (const { headers, body } of [first, second].filter((one) => one !== undefined)) {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      const signature = createHmac("sha256", key).update(signed).digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
      expect(Math.abs(Number(headers["webhook-timestamp"]) - Date.now() / 1000)).toBeLessThan(120);
    }
    const told = JSON.parse(second?.body ?? "null");
    expect(told).toMatchObject({ type: "job.succeeded", data: { id: job.id, status: "SUCCEEDED" } });
    expect(told.data).toEqual(await person.json<Job>(["jobs", "get", job.id]));
  }, 60_000);

  it("is not signed without a secret, and not sent again where it is refused for good", async () => {
    const before = received.length;
    answers.push(410);
    expect((await submit({ url: `${origin}/gone` })).code).toBe(0);
    const [only] = await until(() => (received.length > before ? received.slice(before) : undefined));
    expect(only?.path).toBe("/gone");
    expect(only?.headers["webhook-signature"]).toBeUndefined();
  });

  it("is refused beforehand where it could never arrive, with a pointer", async () => {
    const refusals: [object, string, string][] = [
      [{ url: "https://10.0.0.1/x" }, "jobs.callback_refused", "/callback/url"],
      [{ url: "http://example.com/x" }, "jobs.callback_refused", "/callback/url"],
      [{ url: "https://a:b@example.com/x" }, "jobs.callback_invalid", "/callback/url"],
      [{ url: "https://example.com/", secretName: "none" }, "jobs.callback_invalid", "/callback/secretName"],
      [{ url: "https://example.com/", secretName: "weak" }, "jobs.callback_invalid", "/callback/secretName"],
      [{ url: "ftp://example.com/" }, "http.invalid_input", "/callback/url"],
    ];
    for (const [callback, code, pointer] of refusals) {
      const refused = await submit(callback);
      const said = JSON.parse(refused.stderr).error;
      expect([said.code, said.errors?.[0]?.pointer], refused.stderr).toEqual([code, pointer]);
    }
  });
});

async function until<T>(look: () => T | undefined): Promise<T> {
  for (let i = 0; i < 900; i++) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came");
}
