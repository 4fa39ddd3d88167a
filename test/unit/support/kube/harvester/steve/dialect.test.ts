import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, at, MACHINES, machine, putClaim, STEVE, startHarvester } from "../start-harvester.ts";

const VMS = `${STEVE}/kubevirt.io.virtualmachines`;
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
});
afterAll(() => api.sim.stop());

/** A machine as the dialect writes it: by type, without a kind. */
function written(name: string) {
  const { metadata, spec } = machine(name);
  return { type: "kubevirt.io.virtualmachine", metadata, spec };
}

describe("the dialect", () => {
  it("makes, shows, changes and deletes the same objects as the Kubernetes API", async () => {
    const made = await api.ask("POST", VMS, written("web"));
    expect(made).toMatchObject({
      status: 201,
      body: { id: "default/web", type: "kubevirt.io.virtualmachine" },
    });
    expect((await api.ask("GET", `${MACHINES}/web`)).status).toBe(200);
    const self = `${api.sim.url}${VMS}/default/web`;
    const shown = await api.ask("GET", `${STEVE}/kubevirt.io.virtualmachine/default/web`);
    expect(at(shown.body, "links")).toEqual({
      patch: self,
      remove: self,
      self,
      update: self,
      view: `${api.sim.url}${MACHINES}/web`,
    });
    expect(at(shown.body, "actions")).toMatchObject({ start: `${self}?action=start` });
    const changed = {
      ...Object(shown.body),
      spec: { ...Object(at(shown.body, "spec")), runStrategy: "Manual" },
    };
    const put = await api.ask("PUT", `${VMS}/default/web`, changed);
    expect(put).toMatchObject({ status: 200, body: { spec: { runStrategy: "Manual" } } });
    expect(at((await api.ask("GET", `${MACHINES}/web`)).body, "type")).toBeUndefined();
    const stale = await api.ask("PUT", `${VMS}/default/web`, changed);
    expect(stale).toMatchObject({ status: 409, body: { type: "error", code: "Conflict", status: 409 } });
    expect((await api.ask("DELETE", `${VMS}/default/web`)).status).toBe(204);
    expect((await api.ask("DELETE", `${VMS}/default/web`)).status).toBe(404);
  });

  it("lists as a collection, of one place or of all, in pages", async () => {
    for (const name of ["a", "b", "c"]) await api.ask("POST", VMS, written(name));
    const { body } = await api.ask("GET", VMS);
    expect(body).toMatchObject({
      type: "collection",
      resourceType: "kubevirt.io.virtualmachine",
      count: 3,
      createTypes: { "kubevirt.io.virtualmachine": `${api.sim.url}${VMS}` },
    });
    expect(at(body, "data/0")).toMatchObject({ id: "default/a", kind: "VirtualMachine" });
    expect(at((await api.ask("GET", `${VMS}/kube-system`)).body, "data")).toEqual([]);
    const page = await api.ask("GET", `${VMS}?limit=2`);
    expect(at(page.body, "data/length")).toBe(2);
    const rest = await api.ask("GET", `${VMS}?limit=2&continue=${at(page.body, "continue")}`);
    expect(at(rest.body, "data/0/id")).toBe("default/c");
  });

  it("tells what goes wrong in its own form", async () => {
    expect(await api.ask("GET", `${VMS}/default/none`)).toMatchObject({
      status: 404,
      body: {
        type: "error",
        code: "NotFound",
        status: 404,
        message: 'virtualmachines.kubevirt.io "none" not found',
      },
    });
    const invalid = await api.ask("POST", `${STEVE}/harvesterhci.io.keypairs`, {
      metadata: { name: "k", namespace: "default" },
      spec: { publicKey: "no key" },
    });
    expect(invalid).toMatchObject({ status: 422, body: { type: "error", code: "Invalid" } });
    expect(await api.ask("GET", `${STEVE}/not.a.type`)).toMatchObject({
      status: 404,
      body: { type: "error" },
    });
    expect(await api.ask("POST", `${VMS}/default/a?action=fly`)).toMatchObject({
      status: 405,
      body: { code: "InvalidAction", message: "Invalid action: fly" },
    });
    expect(await api.ask("POST", VMS, "[]")).toMatchObject({ status: 422, body: { type: "error" } });
  });

  it("shows only what one may do", async () => {
    const rules = [{ apiGroups: ["kubevirt.io"], resources: ["virtualmachines"], verbs: ["get", "list"] }];
    await api.ask("POST", `${RBAC}/clusterroles`, {
      kind: "ClusterRole",
      metadata: { name: "looks" },
      rules,
    });
    await api.ask("POST", `${RBAC}/clusterrolebindings`, {
      kind: "ClusterRoleBinding",
      metadata: { name: "looks" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "looks" },
      subjects: [{ kind: "User", name: "vera", apiGroup: "rbac.authorization.k8s.io" }],
    });
    const vera = { token: "vera" };
    const { body } = await api.ask("GET", `${VMS}/default/a`, undefined, vera);
    expect(at(body, "actions")).toEqual({});
    expect(Object.keys(Object(at(body, "links")))).toEqual(["self", "view"]);
    expect(at((await api.ask("GET", VMS, undefined, vera)).body, "createTypes")).toEqual({});
    const acted = await api.ask("POST", `${VMS}/default/a?action=clone`, { targetVm: "x" }, vera);
    expect(acted).toMatchObject({ status: 403, body: { type: "error" } });
    expect(await api.ask("GET", `${STEVE}/nodes`, undefined, vera)).toMatchObject({
      status: 403,
      body: { type: "error", code: "Forbidden" },
    });
    expect((await api.ask("GET", VMS, undefined, { token: "" })).status).toBe(401);
  });

  it("notes the disks that go with a machine", async () => {
    putClaim(api.sim.world, "root");
    await api.ask("POST", VMS, {
      metadata: { name: "leaving", namespace: "default", finalizers: ["example.org/wait"] },
      spec: {
        runStrategy: "Halted",
        template: {
          spec: {
            domain: { memory: { guest: "1Gi" }, devices: { disks: [{ name: "disk-0", disk: {} }] } },
            volumes: [{ name: "disk-0", persistentVolumeClaim: { claimName: "root" } }],
          },
        },
      },
    });
    const { status, body } = await api.ask("DELETE", `${VMS}/default/leaving?removedDisks=disk-0`);
    expect(status).toBe(200);
    expect(at(body, "metadata/annotations")).toMatchObject({
      "harvesterhci.io/removedPersistentVolumeClaims": "root",
    });
    expect(at(body, "metadata/state")).toMatchObject({ name: "removing", transitioning: true });
  });
});

describe("beside the types", () => {
  it("one logs in for a token", async () => {
    const path = "/v3-public/localProviders/local?action=login";
    const asked = { username: "admin", password: "harvester-admin", responseType: "json" };
    const { status, body } = await api.ask("POST", path, asked, { token: "" });
    expect(status).toBe(201);
    const token = String(at(body, "token"));
    expect((await api.ask("GET", VMS, undefined, { token })).status).toBe(200);
    const wrong = await api.ask("POST", path, { ...asked, password: "guess" }, { token: "" });
    expect(wrong).toMatchObject({ status: 401, body: { type: "error", code: "Unauthorized" } });
  });

  it("a key is made, and its private half goes out once", async () => {
    const path = "/v1/harvesterhci.io.keypairs?action=keygen";
    const made = await api.ask("POST", path, { name: "made", namespace: "default" });
    expect(made.status).toBe(200);
    expect(made.headers.get("content-disposition")).toBe("attachment; filename=made.pem");
    expect(String(made.body)).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    const { body } = await api.ask("GET", `${STEVE}/harvesterhci.io.keypairs/default/made`);
    expect(at(body, "spec/publicKey")).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E/);
    expect((await api.ask("POST", path, { name: "x" })).status).toBe(422);
  });

  it("hosts say what they use", async () => {
    const kube = await api.ask("GET", "/apis/metrics.k8s.io/v1beta1/nodes");
    expect(at(kube.body, "items/length")).toBe(3);
    const shown = await api.ask("GET", "/v1/metrics.k8s.io.nodes/n2");
    expect(shown).toMatchObject({ status: 200, body: { id: "n2", kind: "NodeMetrics" } });
    expect(at(shown.body, "usage")).toMatchObject({
      cpu: expect.stringMatching(/^\d+n$/),
      memory: expect.stringMatching(/^\d+Ki$/),
    });
    expect((await api.ask("GET", "/v1/metrics.k8s.io.nodes/none")).status).toBe(404);
  });

  it("the console learns how it is served, and a service account gets a kubeconfig", async () => {
    const info = await api.ask("GET", `${STEVE}/ui-info`, undefined, { token: "" });
    expect(info.body).toMatchObject({ "ui-source": "bundled" });
    const config = await api.ask("POST", `${STEVE}/kubeconfig`, { saName: "robot", namespace: "default" });
    const text = String(JSON.parse(String(config.body)));
    const token = /token: "([^"]+)"/.exec(text)?.[1] ?? "";
    expect((await api.ask("GET", MACHINES, undefined, { token })).status).toBe(403);
  });
});
