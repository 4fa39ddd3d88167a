import { expect, it } from "vitest";
import {
  type ClusterWideFacts,
  conformanceOf,
  type HostFacts,
} from "../../../../../src/modules/harvester/conformance/conformance.rules.ts";

const gib = 2 ** 30;
const host: HostFacts = {
  name: "h1",
  role: "management",
  architecture: "amd64",
  virtualization: true,
  cpu: 16,
  memoryBytes: 62.7 * gib,
  diskBytes: [480e9],
  iops: 20_000,
  nicGbps: 10,
  ipAddress: "10.0.0.1",
  joinedWith: "10.0.0.1",
  uplinksReady: null,
};
const cluster: ClusterWideFacts = {
  vlansInUse: false,
  vip: { mode: "static", address: "10.0.0.9", hardwareAddress: null },
  versions: ["v1.32.4+rke2r1"],
};
const three = (more: Partial<HostFacts> = {}) =>
  ["h1", "h2", "h3"].map((name) => ({ ...host, name, ...more }));
const status = (profile: "test" | "production", more: Partial<HostFacts>, wide = cluster) =>
  Object.fromEntries(
    conformanceOf(profile, three(more), wide).hosts[0]?.requirements.map((one) => [
      one.requirement,
      one.status,
    ]) ?? [],
  );

it("passes what was bought as required, though the system keeps a part of it", () => {
  expect(conformanceOf("production", three(), cluster)).toMatchObject({ status: "pass" });
});

it.each<
  [string, Partial<HostFacts>, "pass" | "warn" | "fail" | "unknown", "pass" | "warn" | "fail" | "unknown"]
>([
  ["cpu", { cpu: 8 }, "pass", "fail"],
  ["cpu", { cpu: 4 }, "fail", "fail"],
  ["memory", { memoryBytes: 31.2 * gib }, "pass", "fail"],
  ["disk", { diskBytes: [180e9] }, "fail", "fail"],
  ["disk", { diskBytes: [180e9, 180e9] }, "pass", "fail"],
  ["disk", { diskBytes: [] }, "unknown", "unknown"],
  ["iops", { iops: 3000 }, "fail", "fail"],
  ["iops", { iops: 3000, role: "worker" }, "warn", "warn"],
  ["iops", { iops: null }, "unknown", "unknown"],
  ["nic", { nicGbps: 1 }, "pass", "fail"],
  ["virtualization", { virtualization: false }, "fail", "fail"],
  ["architecture", { architecture: "arm64" }, "warn", "warn"],
  ["static_ip", { ipAddress: "10.0.0.77" }, "fail", "fail"],
])("says of %s with %j: in a trial %s, in production %s", (requirement, more, trial, production) => {
  expect([status("test", more)[requirement], status("production", more)[requirement]]).toEqual([
    trial,
    production,
  ]);
});

it("asks a witness for its vote only", () => {
  const small = { role: "witness", cpu: 2, memoryBytes: 4 * gib, diskBytes: [] } as const;
  expect(Object.keys(status("production", small))).toEqual(["architecture", "static_ip", "trunk"]);
});

it("can't see a switch: where VLANs are used, somebody must look", () => {
  expect(status("test", {}, { ...cluster, vlansInUse: true })["trunk"]).toBe("unknown");
  expect(status("test", { uplinksReady: false }, { ...cluster, vlansInUse: true })["trunk"]).toBe("fail");
});

it("asks for three votes in production, one of which may be a witness's", () => {
  const found = (hosts: readonly HostFacts[], profile: "test" | "production") =>
    conformanceOf(profile, hosts, cluster).cluster.find((one) => one.requirement === "management_hosts")
      ?.status;
  const [one, two, three_] = three();
  if (!one || !two || !three_) throw new Error("three hosts");
  expect(found([one], "test")).toBe("pass");
  expect(found([one, two], "production")).toBe("fail");
  expect(found([one, two, { ...three_, role: "witness" }], "production")).toBe("pass");
});

it("wants a hardware address where the virtual address comes from DHCP", () => {
  const vip = (hardwareAddress: string | null) =>
    conformanceOf("test", [host], {
      ...cluster,
      vip: { mode: "dhcp", address: "10.0.0.9", hardwareAddress },
    }).cluster.find(({ requirement }) => requirement === "vip")?.status;
  expect([vip(null), vip("52:54:00:00:00:01")]).toEqual(["fail", "warn"]);
});

it("says what to do about everything that does not pass", () => {
  const report = conformanceOf("production", three({ cpu: 4, iops: null, nicGbps: null }), {
    vlansInUse: null,
    vip: null,
    versions: ["a", "b"],
  });
  const all = [...report.cluster, ...report.hosts.flatMap(({ requirements }) => requirements)];
  for (const one of all)
    expect([one.requirement, one.todo === null]).toEqual([one.requirement, one.status === "pass"]);
  expect(report.status).toBe("fail");
});
