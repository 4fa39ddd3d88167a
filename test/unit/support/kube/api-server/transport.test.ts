import { request } from "node:https";
import { afterEach, describe, expect, it } from "vitest";
import { selfSignedCertificate } from "../../../../support/kube/self-signed.ts";
import { type Api, at, configMap, MAPS, startApi } from "./start-api.ts";

let api: Api;
afterEach(() => api.sim.stop());

/** The status of `/version`, or the code of what went wrong. */
function askOverTls(ca: string | undefined): Promise<unknown> {
  return new Promise((resolve) => {
    const asking = request(`${api.sim.url}/version`, ca === undefined ? {} : { ca }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on("error", (error) => resolve(at(error, "code")));
    asking.end();
  });
}

describe("TLS", () => {
  it("is served with the given certificate, to those who trust it", async () => {
    const tls = selfSignedCertificate("127.0.0.1");
    api = await startApi({ tls });
    expect(api.sim.url).toMatch(/^https:/);
    expect(await askOverTls(tls.cert)).toBe(200);
    expect(await askOverTls(undefined)).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  });

  it("shows a certificate that ran out for what it is", async () => {
    const tls = selfSignedCertificate("127.0.0.1", -1_000);
    api = await startApi({ tls });
    expect(await askOverTls(tls.cert)).toBe("CERT_HAS_EXPIRED");
  });
});

describe("the cluster's housekeeping", () => {
  it("forgets an Event an hour after it was last told", async () => {
    api = await startApi();
    const events = "/api/v1/namespaces/default/events";
    const event = { metadata: { name: "e" }, involvedObject: { kind: "Pod", name: "x" }, reason: "Started" };
    await api.ask("POST", events, { kind: "Event", ...event });
    await api.sim.world.clock.advance(59 * 60_000);
    const again = await api.ask(
      "PATCH",
      `${events}/e`,
      { count: 2 },
      { type: "application/merge-patch+json" },
    );
    expect(again.status).toBe(200);
    await api.sim.world.clock.advance(59 * 60_000);
    const chosen = await api.ask("GET", `${events}?fieldSelector=involvedObject.name%3Dx,reason%3DStarted`);
    expect(at(chosen.body, "items/0/count")).toBe(2);
    await api.sim.world.clock.advance(60_000);
    expect((await api.ask("GET", `${events}/e`)).status).toBe(404);
  });

  it("gives the same cluster for the same seed", async () => {
    const uids: unknown[] = [];
    for (const seed of [5, 5, 6]) {
      api = await startApi({ seed });
      uids.push(at((await api.ask("POST", MAPS, configMap("a"))).body, "metadata/uid"));
      if (uids.length < 3) await api.sim.stop();
    }
    expect(uids[0]).toBe(uids[1]);
    expect(uids[0]).not.toBe(uids[2]);
  });

  it("tells kubectl in OpenAPI what it can write and how", async () => {
    api = await startApi();
    const { body } = await api.ask("GET", "/openapi/v3");
    const url = String(Object(at(body, "paths"))["apis/example.org/v1"].serverRelativeURL);
    const document = (await api.ask("GET", url)).body;
    const paths = Object(at(document, "paths"));
    const patch = paths["/apis/example.org/v1/namespaces/{namespace}/widgets/{name}"].patch;
    expect(patch["x-kubernetes-group-version-kind"]).toEqual({
      group: "example.org",
      version: "v1",
      kind: "Widget",
    });
    expect(patch.parameters.map((one: { name: string }) => one.name)).toContain("fieldValidation");
    const schemas = Object(at(document, "components/schemas"));
    expect(schemas["example.org.v1.Widget"].properties.spec.required).toEqual(["size"]);
    expect((await api.ask("GET", "/openapi/v3/apis/none.org/v1")).status).toBe(404);
  });
});
