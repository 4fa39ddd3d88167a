import type { Texts } from "../cli/english.ts";
import { type Driver, DriverFailure } from "../drivers/driver.ts";
import type { KubernetesDriver } from "../drivers/kubernetes/kubernetes-driver.ts";
import { at } from "../inventory/kube-object.ts";
import { judge } from "../policy/policy.rules.ts";
import type { ResourceRequest } from "../policy/request.ts";
import type { Check } from "./check.ts";

/** What Maru's operations ask of a cluster, as far as rights go. */
const wanted: readonly (readonly [verb: string, apiGroup: string, resource: string, subresource?: string])[] =
  [
    ["list", "", "nodes"],
    ["watch", "", "nodes"],
    ["list", "", "namespaces"],
    ["list", "", "persistentvolumeclaims"],
    ["create", "", "persistentvolumeclaims"],
    ["create", "", "secrets"],
    ["list", "", "events"],
    ["list", "kubevirt.io", "virtualmachines"],
    ["create", "kubevirt.io", "virtualmachines"],
    ["patch", "kubevirt.io", "virtualmachines"],
    ["delete", "kubevirt.io", "virtualmachines"],
    ["update", "subresources.kubevirt.io", "virtualmachines", "start"],
    ["update", "subresources.kubevirt.io", "virtualmachines", "stop"],
    ["update", "subresources.kubevirt.io", "virtualmachineinstances", "pause"],
    ["get", "subresources.kubevirt.io", "virtualmachineinstances", "console"],
    ["create", "harvesterhci.io", "virtualmachineimages"],
    ["create", "harvesterhci.io", "virtualmachinebackups"],
    ["create", "harvesterhci.io", "virtualmachinerestores"],
    ["list", "harvesterhci.io", "settings"],
    ["create", "k8s.cni.cncf.io", "network-attachment-definitions"],
    ["list", "longhorn.io", "volumes"],
    ["create", "snapshot.storage.k8s.io", "volumesnapshots"],
  ];

/** The cluster's API: reachable, trusted, who the agent is there, and whether the cluster grants what the policy allows. */
export async function checkCluster(
  driver: KubernetesDriver | undefined,
  say: Texts,
): Promise<readonly Check[]> {
  if (driver === undefined) {
    return [
      {
        id: "cluster",
        title: say.checks.cluster,
        result: "warn",
        detail: say.noCluster,
        next: say.noClusterNext,
      },
    ];
  }
  try {
    const { status, body } = await driver.read("/version", AbortSignal.timeout(10_000));
    const version = `Kubernetes ${String(at(body, "gitVersion") ?? "")} (${status})`;
    const reached: Check = { id: "cluster", title: say.checks.cluster, result: "ok", detail: version };
    return [reached, ...(await checkIdentity(driver, say))];
  } catch (error) {
    const untrusted = error instanceof DriverFailure && error.code === "certificate_untrusted";
    const id = untrusted ? "certificate" : "cluster";
    const next = untrusted ? say.certificateNext : say.clusterNext;
    const detail = error instanceof Error ? error.message : String(error);
    return [{ id, title: say.checks[id], result: "fail", detail, next }];
  }
}

async function checkIdentity(driver: KubernetesDriver, say: Texts): Promise<readonly Check[]> {
  const title = say.checks.identity;
  const question = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const { status, body } = await driver.review(path, question, AbortSignal.timeout(10_000));
  const name = at(body, "status.userInfo.username");
  if (status === 401 || (status < 300 && name === "system:anonymous")) {
    return [
      {
        id: "identity",
        title,
        result: "fail",
        detail: `${status} ${String(at(body, "message") ?? name ?? "")}`,
        next: say.whoNext,
      },
    ];
  }
  // Older clusters have no SelfSubjectReview; rights can be asked for all the same.
  const who: Check[] =
    status < 300 && typeof name === "string"
      ? [{ id: "identity", title, result: "ok", detail: say.youAre(name) }]
      : [];
  return [...who, await checkAccess(driver, say)];
}

async function checkAccess(driver: KubernetesDriver, say: Texts): Promise<Check> {
  const allowed = wanted.filter(([verb, apiGroup, resource, subresource = ""]) => {
    const name = subresource === "" ? undefined : "any";
    const request: ResourceRequest = {
      kind: "resource",
      verb,
      apiGroup,
      resource,
      subresource,
      namespace: "default",
      name,
      rest: "",
    };
    return judge(driver.policy, request).allowed;
  });
  const answers = await Promise.all(allowed.map((one) => isGranted(driver, one)));
  const missing = allowed.filter((_, index) => answers[index] === false).map(nameOf);
  const check = { id: "access", title: say.checks.access };
  if (missing.length === 0) return { ...check, result: "ok", detail: say.accessFine(allowed.length) };
  return { ...check, result: "warn", detail: say.accessLacks(missing.join(", ")), next: say.accessNext };
}

function nameOf([verb, group, resource, subresource]: (typeof wanted)[number]): string {
  return `${verb} ${resource}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
}

async function isGranted(
  driver: KubernetesDriver,
  [verb, group, resource, subresource]: (typeof wanted)[number],
): Promise<boolean> {
  const question = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: { verb, group, resource, ...(subresource === undefined ? {} : { subresource }) },
    },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const { status, body } = await driver.review(path, question, AbortSignal.timeout(10_000));
  return status < 300 && at(body, "status.allowed") === true;
}

/** Every other system that agent.yaml names. */
export async function checkDrivers(drivers: Iterable<Driver>, say: Texts): Promise<readonly Check[]> {
  const others = [...drivers].filter(({ name }) => name !== "kubernetes");
  return Promise.all(
    others.map(async (driver): Promise<Check> => {
      const { reachable, detail } = await driver.check();
      const check = { id: driver.name, title: say.checks.driver(driver.name), detail };
      return reachable ? { ...check, result: "ok" } : { ...check, result: "warn", next: say.driverNext };
    }),
  );
}
