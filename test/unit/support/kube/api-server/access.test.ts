import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, at, configMap, MAPS, startApi, textAt, WIDGETS, widget } from "./start-api.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.sim.stop());

const asVera = (method: string, path: string, body?: unknown) =>
  api.ask(method, path, body, { token: "vera" });

async function grant(name: string, rules: unknown[], subject: Record<string, string>, namespace?: string) {
  const home = namespace ? `${RBAC}/namespaces/${namespace}` : RBAC;
  const prefix = namespace ? "" : "Cluster";
  const paths = namespace ? ["roles", "rolebindings"] : ["clusterroles", "clusterrolebindings"];
  const role = { kind: `${prefix}Role`, metadata: { name }, rules };
  expect((await api.ask("POST", `${home}/${paths[0]}`, role)).status).toBe(201);
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: `${prefix}Role`, name };
  const binding = { kind: `${prefix}RoleBinding`, metadata: { name }, roleRef, subjects: [subject] };
  expect((await api.ask("POST", `${home}/${paths[1]}`, binding)).status).toBe(201);
}

describe("who asks", () => {
  it("is known by a token, and 401 otherwise", async () => {
    for (const token of ["", "unknown"]) {
      expect(await api.ask("GET", MAPS, undefined, { token })).toMatchObject({
        status: 401,
        body: { kind: "Status", reason: "Unauthorized", message: "Unauthorized", code: 401 },
      });
    }
    const issued = api.sim.world.tokens.issue({ name: "late", groups: ["system:masters"] });
    expect((await api.ask("GET", MAPS, undefined, { token: issued })).status).toBe(200);
    api.sim.world.tokens.revoke(issued);
    expect((await api.ask("GET", MAPS, undefined, { token: issued })).status).toBe(401);
  });

  it("need not be known to learn that the server lives", async () => {
    for (const path of ["/healthz", "/livez", "/readyz"]) {
      expect(await api.ask("GET", path, undefined, { token: "" })).toMatchObject({ status: 200, body: "ok" });
    }
    expect((await api.ask("GET", "/version", undefined, { token: "" })).body).toMatchObject({ major: "1" });
  });
});

describe("what one may do", () => {
  it("is nothing without a role, in Kubernetes' words", async () => {
    expect(await asVera("GET", MAPS)).toMatchObject({
      status: 403,
      body: {
        reason: "Forbidden",
        message:
          'configmaps is forbidden: User "vera" cannot list resource "configmaps" in API group "" in the namespace "default"',
      },
    });
    expect(textAt((await asVera("DELETE", `${WIDGETS}/x`)).body, "message")).toBe(
      'widgets.example.org "x" is forbidden: User "vera" cannot delete resource "widgets" in API group "example.org" in the namespace "default"',
    );
    expect(textAt((await asVera("GET", "/api/v1/nodes")).body, "message")).toBe(
      'nodes is forbidden: User "vera" cannot list resource "nodes" in API group "" at the cluster scope',
    );
  });

  it("is what the roles of a namespace say, there and nowhere else", async () => {
    const rules = [
      { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] },
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["hers"], verbs: ["update"] },
      { apiGroups: ["example.org"], resources: ["widgets/status"], verbs: ["update"] },
    ];
    await grant("reader", rules, { kind: "User", name: "vera" }, "default");
    await api.ask("POST", MAPS, configMap("hers"));
    await api.ask("POST", MAPS, configMap("his"));
    const { body: made } = await api.ask("POST", WIDGETS, widget("w"));
    expect((await asVera("GET", MAPS)).status).toBe(200);
    expect((await asVera("GET", `${MAPS}?watch=true`)).status).toBe(403);
    expect((await asVera("GET", "/api/v1/configmaps")).status).toBe(403);
    expect((await asVera("GET", "/api/v1/namespaces/kube-system/configmaps")).status).toBe(403);
    expect((await asVera("PUT", `${MAPS}/hers`, configMap("hers", { a: "1" }))).status).toBe(200);
    expect((await asVera("PUT", `${MAPS}/his`, configMap("his", { a: "1" }))).status).toBe(403);
    expect((await asVera("PUT", `${WIDGETS}/w/status`, made)).status).toBe(200);
    expect((await asVera("PUT", `${WIDGETS}/w`, made)).status).toBe(403);
    expect((await asVera("DELETE", MAPS)).status).toBe(403);
  });

  it("is what the roles of the cluster give its groups", async () => {
    const rules = [{ apiGroups: ["*"], resources: ["nodes", "namespaces"], verbs: ["*"] }];
    await grant("keeper", rules, { kind: "Group", name: "viewers" });
    expect((await asVera("GET", "/api/v1/nodes")).status).toBe(200);
    const token = api.sim.world.tokens.issue({ name: "system:serviceaccount:default:robot", groups: [] });
    expect((await api.ask("GET", MAPS, undefined, { token })).status).toBe(403);
    const subject = { kind: "ServiceAccount", name: "robot", namespace: "default" };
    await grant("robot", [{ apiGroups: [""], resources: ["*"], verbs: ["list"] }], subject, "default");
    expect((await api.ask("GET", MAPS, undefined, { token })).status).toBe(200);
  });

  it("can be asked of the server", async () => {
    const review = async (spec: unknown) =>
      at(
        (await asVera("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { spec })).body,
        "status",
      );
    const resourceAttributes = { verb: "list", group: "", resource: "configmaps", namespace: "default" };
    expect(await review({ resourceAttributes })).toEqual({ allowed: true });
    expect(await review({ resourceAttributes: { ...resourceAttributes, verb: "create" } })).toMatchObject({
      allowed: false,
    });
    expect(await review({ nonResourceAttributes: { verb: "get", path: "/metrics" } })).toMatchObject({
      allowed: false,
    });
    const rules = await asVera("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
      spec: { namespace: "default" },
    });
    expect(at(rules.body, "status/resourceRules")).toContainEqual(
      expect.objectContaining({ resources: ["configmaps"], verbs: ["get", "list"] }),
    );
  });
});

describe("a quota", () => {
  const claims = "/api/v1/namespaces/small/persistentvolumeclaims";
  const claim = (name: string, storage: string) => ({
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  });
  const pods = "/api/v1/namespaces/small/pods";
  const pod = (name: string, cpu: string) => ({
    kind: "Pod",
    metadata: { name },
    spec: { containers: [{ name: "c", resources: { requests: { cpu } } }] },
  });

  it("limits the storage that claims ask for, also when they grow", async () => {
    await api.ask("POST", "/api/v1/namespaces", { kind: "Namespace", metadata: { name: "small" } });
    const hard = { "requests.storage": "10Gi", "requests.cpu": "2", pods: "5" };
    const quota = { kind: "ResourceQuota", metadata: { name: "q" }, spec: { hard } };
    await api.ask("POST", "/api/v1/namespaces/small/resourcequotas", quota);
    expect((await api.ask("POST", claims, claim("a", "6Gi"))).status).toBe(201);
    const refused = await api.ask("POST", claims, claim("b", "5Gi"));
    expect(refused).toMatchObject({
      status: 403,
      body: {
        reason: "Forbidden",
        message:
          'persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: requests.storage=5Gi, used: requests.storage=6Gi, limited: requests.storage=10Gi',
      },
    });
    const grown = { spec: { resources: { requests: { storage: "11Gi" } } } };
    const growing = await api.ask("PATCH", `${claims}/a`, grown, { type: "application/merge-patch+json" });
    expect(growing.status).toBe(403);
    expect((await api.ask("GET", "/api/v1/namespaces/small/resourcequotas/q")).body).toMatchObject({
      status: { used: { "requests.storage": "6Gi", pods: "0" } },
    });
  });

  it("limits what the containers of pods request", async () => {
    expect((await api.ask("POST", pods, pod("a", "1500m"))).status).toBe(201);
    expect(textAt((await api.ask("POST", pods, pod("b", "1"))).body, "message")).toBe(
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=1, used: requests.cpu=1500m, limited: requests.cpu=2',
    );
    await api.ask("DELETE", `${pods}/a`);
    expect((await api.ask("POST", pods, pod("b", "1"))).status).toBe(201);
  });
});
