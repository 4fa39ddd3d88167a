import { describe, expect, it } from "vitest";
import { readKubernetesRequest } from "../../../../agent/src/policy/kubernetes-request.rules.ts";
import { parsePath } from "../../../../agent/src/policy/path.rules.ts";
import { judge, refuseLabelledBody } from "../../../../agent/src/policy/policy.rules.ts";
import { Policy } from "../../../../agent/src/policy/policy.ts";
import { type PolicyRequest, UnknownRequest } from "../../../../agent/src/policy/request.ts";
import { isStevePath, readSteveRequest } from "../../../../agent/src/policy/steve-request.rules.ts";

type Rules = Parameters<typeof Policy.parse>[0];

function read(method: string, path: string): PolicyRequest {
  const parsed = parsePath(path);
  return isStevePath(parsed) ? readSteveRequest(method, parsed) : readKubernetesRequest(method, parsed);
}

function answer(method: string, path: string, policy: Rules = {}) {
  return judge(Policy.parse(policy), read(method, path));
}

const vm = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines/train";
const sub = "/apis/subresources.kubevirt.io/v1/namespaces/default";

describe("reading Kubernetes paths", () => {
  it.each([
    ["GET", "/api/v1/nodes", { verb: "list", resource: "nodes", namespace: undefined, name: undefined }],
    ["GET", "/api/v1/nodes/n1", { verb: "get", resource: "nodes", name: "n1" }],
    ["GET", "/api/v1/nodes?watch=true", { verb: "watch", resource: "nodes" }],
    ["GET", "/api/v1/nodes?watch", { verb: "watch", resource: "nodes" }],
    ["GET", "/api/v1/nodes?watch=False", { verb: "list", resource: "nodes" }],
    ["GET", "/api/v1/namespaces/a", { verb: "get", resource: "namespaces", name: "a", namespace: "a" }],
    ["DELETE", "/api/v1/namespaces/a", { verb: "delete", resource: "namespaces", name: "a", namespace: "a" }],
    ["PUT", "/api/v1/namespaces/a/finalize", { resource: "namespaces", subresource: "finalize", name: "a" }],
    ["GET", "/api/v1/namespaces/a/pods", { verb: "list", resource: "pods", namespace: "a" }],
    ["DELETE", "/api/v1/namespaces/a/pods", { verb: "deletecollection", resource: "pods" }],
    [
      "GET",
      "/api/v1/namespaces/a/pods/p/log?follow=true",
      { resource: "pods", name: "p", subresource: "log" },
    ],
    ["GET", "/api/v1/nodes/n/proxy/run/cmd", { resource: "nodes", subresource: "proxy", rest: "run/cmd" }],
    [
      "PUT",
      `${sub}/virtualmachines/v/start`,
      { apiGroup: "subresources.kubevirt.io", verb: "update", subresource: "start" },
    ],
    ["GET", `${sub}/virtualmachineinstances/v/vnc/screenshot`, { subresource: "vnc/screenshot" }],
    [
      "GET",
      `${sub}/virtualmachineinstances/v/portforward/22/tcp`,
      { subresource: "portforward", rest: "22/tcp" },
    ],
    [
      "PATCH",
      vm,
      { verb: "patch", apiGroup: "kubevirt.io", resource: "virtualmachines", namespace: "default" },
    ],
  ])("%s %s", (method, path, expected) => {
    expect(read(method, path)).toMatchObject(expected);
  });

  it.each([
    ["a query parameter that it doesn't know", "GET", "/api/v1/pods?as=admin"],
    ["the old spelling of a watch", "GET", "/api/v1/watch/secrets"],
    ["the old spelling of a proxy", "GET", "/api/v1/proxy/nodes/n1"],
    ["a method that it doesn't know", "CONNECT", "/api/v1/pods"],
    ["a version that is none", "GET", "/apis/apps/deployments/x"],
  ])("refuses %s", (_, method, path) => {
    expect(() => read(method, path)).toThrow(UnknownRequest);
  });
});

describe("reading Harvester's own dialect", () => {
  it.each([
    ["GET", "/v1/harvester/nodes", { verb: "list", apiGroup: "", resource: "nodes" }],
    [
      "GET",
      "/v1/harvester/kubevirt.io.virtualmachines/default/a",
      { verb: "get", apiGroup: "kubevirt.io", namespace: "default", name: "a" },
    ],
    [
      "GET",
      "/v1/harvester/kubevirt.io.virtualmachines/default",
      { verb: "list", namespace: "default", name: undefined },
    ],
    [
      "POST",
      "/v1/harvester/kubevirt.io.virtualmachines/default/a?action=start",
      { verb: "update", subresource: "start" },
    ],
    [
      "POST",
      "/v1/harvester/nodes/n1?action=cordon",
      { verb: "update", resource: "nodes", name: "n1", subresource: "cordon" },
    ],
    [
      "GET",
      "/v1/harvester/harvesterhci.io.virtualmachineimages/default/i/download",
      { verb: "get", subresource: "download" },
    ],
    [
      "GET",
      "/v1/harvester/harvesterhci.io.virtualmachineimages/default/i?link=download",
      { subresource: "download" },
    ],
    ["GET", "/v1/harvester/secret/default/s", { apiGroup: "", resource: "secrets", name: "s" }],
    ["GET", "/v1/secrets/default/s", { resource: "secrets", name: "s" }],
    ["GET", "/v1/metrics.k8s.io.nodes/n1", { apiGroup: "metrics.k8s.io", resource: "nodes", name: "n1" }],
    ["POST", "/v1/harvesterhci.io.keypairs?action=keygen", { resource: "keypairs", subresource: "keygen" }],
    ["DELETE", "/v1/harvester/namespaces/a", { verb: "delete", resource: "namespaces", namespace: "a" }],
  ])("%s %s", (method, path, expected) => {
    expect(read(method, path)).toMatchObject(expected);
  });

  it.each([
    ["a type that it doesn't know", "GET", "/v1/harvester/management.cattle.io.tokens"],
    ["writing an object, whose namespace would come from the body", "POST", "/v1/harvester/secrets"],
    ["replacing an object", "PUT", "/v1/harvester/kubevirt.io.virtualmachines/default/a"],
    ["an action and a link at once", "POST", "/v1/harvester/nodes/n?action=cordon&link=x"],
    ["an action by GET", "GET", "/v1/harvester/nodes/n?action=cordon"],
    ["more parts than it can read", "GET", "/v1/harvester/nodes/n/download/more"],
    ["a query parameter that it doesn't know", "GET", "/v1/harvester/nodes?impersonate=admin"],
  ])("refuses %s", (_, method, path) => {
    expect(() => read(method, path)).toThrow(UnknownRequest);
  });
});

describe("the policy for Harvester", () => {
  it.each([
    ["GET", "/version"],
    ["GET", "/apis/kubevirt.io/v1"],
    ["GET", "/api/v1/nodes?watch=true&allowWatchBookmarks=true"],
    ["POST", "/apis/kubevirt.io/v1/namespaces/default/virtualmachines"],
    ["DELETE", `${vm}?removedDisks=a,b`],
    ["PUT", `${sub}/virtualmachines/v/migrate`],
    ["GET", `${sub}/virtualmachineinstances/v/console`],
    ["POST", "/v1/harvester/nodes/n1?action=enableMaintenanceMode"],
    ["POST", "/v1/harvester/harvesterhci.io.virtualmachineimages/default/i?action=upload&size=10"],
    [
      "GET",
      "/api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/api/v1/query?query=up",
    ],
    ["PUT", "/apis/harvesterhci.io/v1beta1/settings/overcommit-config"],
    ["PATCH", "/apis/harvesterhci.io/v1beta1/namespaces/cattle-monitoring-system/addons/rancher-monitoring"],
    ["POST", "/api/v1/namespaces/default/persistentvolumeclaims"],
    ["PATCH", "/api/v1/nodes/n1"],
    ["GET", "/api/v1/namespaces/default/pods/p/log?tailLines=10"],
  ])("allows %s %s", (method, path) => {
    expect(answer(method, path)).toMatchObject({ allowed: true });
  });

  it.each([
    ["GET", "/api/v1/secrets", "secrets"],
    ["GET", "/api/v1/namespaces/default/secrets/s", "secrets"],
    ["GET", "/api/v1/secrets?watch=true", "secrets"],
    ["GET", "/v1/harvester/secret/default/s", "secrets"],
    ["DELETE", "/api/v1/namespaces/default/secrets", "secrets"],
    ["GET", "/api/v1/namespaces/default/pods/p/exec", "exec"],
    ["POST", "/api/v1/namespaces/default/pods/p/attach", "attach"],
    ["GET", `${sub}/virtualmachineinstances/v/portforward/22/tcp`, "portforward"],
    ["GET", `${sub}/virtualmachineinstances/v/usbredir`, "portforward"],
    ["GET", "/api/v1/nodes/n/proxy/metrics", "node-proxy"],
    ["GET", "/api/v1/namespaces/a/pods/p/proxy/x", "pod-proxy"],
    ["GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "rbac"],
    ["POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "rbac"],
    ["POST", "/api/v1/namespaces/kube-system/serviceaccounts/default/token", "tokens"],
    ["POST", "/apis/certificates.k8s.io/v1/certificatesigningrequests", "tokens"],
    ["POST", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", "webhooks"],
    ["PUT", "/apis/harvesterhci.io/v1beta1/settings/ssl-certificates", "risky-settings"],
    ["PATCH", "/apis/harvesterhci.io/v1beta1/settings/rancher-manager-support", "risky-settings"],
    ["DELETE", "/apis/harvesterhci.io/v1beta1/settings", "risky-settings"],
    ["POST", "/v1/harvesterhci.io.keypairs?action=keygen", "private-keys"],
    ["POST", "/api/v1/namespaces/kube-system/persistentvolumeclaims", "system-namespaces"],
    ["DELETE", "/api/v1/namespaces/harvester-system", "system-namespaces"],
    ["DELETE", "/api/v1/namespaces/cattle-system", "system-namespaces"],
    [
      "PUT",
      "/apis/subresources.kubevirt.io/v1/namespaces/kube-system/virtualmachines/v/stop",
      "system-namespaces",
    ],
    ["POST", "/v1/harvester/persistentvolumeclaims/harvester-system/p?action=export", "system-namespaces"],
    ["PATCH", "/apis/harvesterhci.io/v1beta1/settings/support-bundle-image", "risky-settings"],
    ["GET", "/apis/management.cattle.io/v3/clusterregistrationtokens", "tokens"],
    ["GET", "/apis/fleet.cattle.io/v1alpha1/clusterregistrationtokens?watch=1", "tokens"],
  ])("holds back %s %s", (method, path, guard) => {
    expect(answer(method, path)).toMatchObject({ allowed: false, code: "policy_refused", guard });
  });

  it.each([
    ["POST", "/api/v1/namespaces/default/pods"],
    ["POST", "/apis/apps/v1/namespaces/default/deployments"],
    ["PUT", "/api/v1/nodes/n1"],
    ["DELETE", "/api/v1/nodes/n1"],
    ["POST", "/v1/harvester/nodes/n1?action=powerAction"],
    ["GET", "/v1/harvester/kubeconfig"],
    ["GET", "/metrics"],
    ["GET", "/api/v1/namespaces/default/services/http:any:80/proxy/x"],
    ["POST", "/v3-public/localProviders/local"],
    ["DELETE", "/apis/harvesterhci.io/v1beta1/settings/backup-target"],
    ["PUT", "/apis/harvesterhci.io/v1beta1/namespaces/cattle-monitoring-system/addons/rancher-monitoring"],
  ])("allows no %s %s", (method, path) => {
    expect(answer(method, path)).toMatchObject({ allowed: false, code: "policy_refused" });
  });

  it("names the guard, and who can lift it", () => {
    const refused = answer("GET", "/api/v1/secrets");
    expect(refused).toMatchObject({ detail: expect.stringContaining('guard "secrets"') });
    expect(answer("GET", "/api/v1/secrets", { lift: ["secrets"] })).toMatchObject({ allowed: true });
  });
});

describe("the administrator's own rules", () => {
  it("changes nothing in read-only mode, and lets nobody type into a console", () => {
    const readOnly = { readOnly: true };
    expect(answer("GET", "/api/v1/nodes", readOnly)).toMatchObject({ allowed: true });
    expect(answer("DELETE", vm, readOnly)).toMatchObject({ allowed: false, code: "read_only" });
    expect(answer("PUT", `${sub}/virtualmachines/v/start`, readOnly)).toMatchObject({ code: "read_only" });
    expect(answer("GET", `${sub}/virtualmachineinstances/v/console`, readOnly)).toMatchObject({
      code: "read_only",
    });
    const review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    expect(answer("POST", review, readOnly)).toMatchObject({ allowed: true });
  });

  it("lets deny win over allow", () => {
    const rule = { verbs: ["*"], apiGroups: ["kubevirt.io"], resources: ["*"], namespaces: ["default"] };
    expect(answer("DELETE", vm, { allow: [rule], deny: [{ ...rule, verbs: ["delete"] }] })).toMatchObject({
      allowed: false,
    });
    expect(answer("PATCH", vm, { allow: [rule], deny: [{ ...rule, verbs: ["delete"] }] })).toMatchObject({
      allowed: true,
    });
  });

  it("allows nothing but its own rules without the defaults", () => {
    const policy = {
      defaults: "none" as const,
      allow: [
        {
          verbs: ["get", "list"],
          apiGroups: ["kubevirt.io"],
          resources: ["virtualmachines"],
          namespaces: ["ml-*"],
        },
      ],
    };
    expect(answer("GET", "/apis/kubevirt.io/v1/namespaces/ml-a/virtualmachines", policy)).toMatchObject({
      allowed: true,
    });
    expect(answer("GET", "/apis/kubevirt.io/v1/namespaces/other/virtualmachines", policy)).toMatchObject({
      allowed: false,
    });
    // A list across all namespaces is more than the rule says.
    expect(answer("GET", "/apis/kubevirt.io/v1/virtualmachines", policy)).toMatchObject({ allowed: false });
    expect(answer("GET", "/api/v1/nodes", policy)).toMatchObject({ allowed: false });
  });

  it("takes a rule without subresources for the object alone", () => {
    const allow = [{ verbs: ["*"], apiGroups: ["subresources.kubevirt.io"], resources: ["*"] }];
    expect(answer("PUT", `${sub}/virtualmachines/v/start`, { defaults: "none", allow })).toMatchObject({
      allowed: false,
    });
    const wide = allow.map((rule) => ({ ...rule, subresources: ["*"] }));
    expect(answer("PUT", `${sub}/virtualmachines/v/start`, { defaults: "none", allow: wide })).toMatchObject({
      allowed: true,
    });
    expect(
      answer("GET", `${sub}/virtualmachineinstances/v/portforward/1/tcp`, { defaults: "none", allow: wide }),
    ).toMatchObject({ guard: "portforward" });
  });

  it("bounds bodies, widely for uploads only", () => {
    const small = answer("POST", "/apis/kubevirt.io/v1/namespaces/default/virtualmachines");
    expect(small).toMatchObject({ maxBodyBytes: 4 * 1024 * 1024 });
    const upload = answer(
      "POST",
      "/v1/harvester/harvesterhci.io.virtualmachineimages/default/i?action=upload",
    );
    expect(upload.allowed && upload.maxBodyBytes).toBeGreaterThan(1e11);
  });
});

describe("Secrets of cloud-init", () => {
  const label = "harvesterhci.io/cloud-init-template";
  const good = {
    metadata: { labels: { [label]: "harvester" } },
    stringData: { userdata: "x", networkdata: "" },
  };

  it("are the only ones that may be written", () => {
    expect(answer("POST", "/api/v1/namespaces/default/secrets")).toMatchObject({ allowed: true, label });
    expect(refuseLabelledBody("create", label, good)).toBeUndefined();
    expect(refuseLabelledBody("patch", label, { metadata: { ownerReferences: [] } })).toBeUndefined();
    expect(refuseLabelledBody("delete", label, undefined)).toBeUndefined();
  });

  it.each([
    ["without the label", "create", { metadata: {}, stringData: { userdata: "x" } }],
    ["with another key", "create", { ...good, stringData: { token: "x" } }],
    ["of another type", "create", { ...good, type: "kubernetes.io/service-account-token" }],
    ["as a JSON patch", "patch", [{ op: "add", path: "/data/token", value: "x" }]],
    ["that lose the label", "patch", { metadata: { labels: { [label]: null } } }],
    ["that are nothing", "create", undefined],
  ])("are refused %s", (_, verb, body) => {
    expect(refuseLabelledBody(verb, label, body)).toEqual(expect.any(String));
  });
});
