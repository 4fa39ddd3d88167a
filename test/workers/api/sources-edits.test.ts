import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { sha256Hex } from "../../../src/kernel/hash.ts";
import { newTenant } from "../support/tenant.ts";
import { bindings, sleep } from "../support/world.ts";

const worker = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };

/** A source, a way to post to it, and a way to edit it as another isolate would: past this one's memory. */
async function source() {
  const tenant = await newTenant();
  const made = await tenant.call("POST /v1/sources", { json: { name: "hosts", kind: "cloudevents" } });
  expect(made.status, made.text).toBe(201);
  const { id, token } = made.body as { id: string; token: string };
  let sent = 0;
  const post = async (by = token) => {
    sent += 1;
    const body = JSON.stringify({ specversion: "1.0", id: String(sent), source: "/h", type: "cpu" });
    const headers = { "content-type": "application/cloudevents+json" };
    const request = new Request(`https://maru.test/in/${id}/${by}`, { method: "POST", body, headers });
    const response = await worker.default.fetch(request);
    await response.text();
    return response.status;
  };
  const elsewhere = async (change: string, ...values: string[]) => {
    await bindings.DB.prepare(`update sources set ${change}, version = version + 1 where id = ?`)
      .bind(...values, id)
      .run();
  };
  return { tenant, id, post, elsewhere };
}

it("holds to an edit at once where it was made", async () => {
  const { tenant, id, post } = await source();
  expect(await post()).toBe(202);
  await tenant.call(`POST /v1/sources/${id}:pause`, { json: {} });
  expect(await post()).toBe(503);
  await tenant.call(`POST /v1/sources/${id}:resume`, { json: {} });
  expect(await post()).toBe(202);
  const rotated = await tenant.call(`POST /v1/sources/${id}:rotateSecret`, { json: { overlapHours: 0 } });
  expect(await post()).toBe(401);
  expect(await post(rotated.body.token)).toBe(202);
  await tenant.call(`DELETE /v1/sources/${id}`);
  expect(await post(rotated.body.token)).toBe(404);
});

it("holds to a pause that was made elsewhere within two seconds, and to its end at once", async () => {
  const { post, elsewhere } = await source();
  expect(await post()).toBe(202);
  await elsewhere("status = 'paused'");
  await sleep(2_100);
  expect(await post()).toBe(503);
  await elsewhere("status = 'active'");
  expect(await post()).toBe(202);
});

it("takes a token that was renewed elsewhere at once, and refuses the one before with it", async () => {
  const { post, elsewhere } = await source();
  expect(await post()).toBe(202);
  const tokens = JSON.stringify({ hash: await sha256Hex("renewed"), before: null });
  await elsewhere("tokens = ?", tokens);
  expect(await post("renewed")).toBe(202);
  expect(await post()).toBe(401);
});

it("is gone within two seconds when it was deleted elsewhere", async () => {
  const { id, post } = await source();
  expect(await post()).toBe(202);
  await bindings.DB.prepare("delete from sources where id = ?").bind(id).run();
  await sleep(2_100);
  expect(await post()).toBe(404);
});
