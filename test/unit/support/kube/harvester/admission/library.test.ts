import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  at,
  CLAIMS,
  machine,
  OWN,
  put,
  putClaim,
  said,
  startHarvester,
} from "../start-harvester.ts";

const MERGE = { type: "application/merge-patch+json" };
const HOME = `${OWN}/namespaces/default`;
const IMAGES = `${HOME}/virtualmachineimages`;
const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ vera@example.org";
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
});
afterAll(() => api.sim.stop());

const own = (kind: string, name: string, spec: object, metadata = {}) => ({
  apiVersion: "harvesterhci.io/v1beta1",
  kind,
  metadata: { name, ...metadata },
  spec,
});

const image = (name: string, spec: object, metadata = {}) =>
  api.ask("POST", IMAGES, own("VirtualMachineImage", name, { displayName: name, ...spec }, metadata));

describe("an image", () => {
  const url = "https://images.example.org/jammy.img";

  it("comes with a class, the parameters that fit it, and a label of its name", async () => {
    const { status, body } = await image("jammy", { sourceType: "download", url });
    expect(status).toBe(201);
    expect(at(body, "spec")).toMatchObject({
      backend: "backingimage",
      retry: 3,
      targetStorageClassName: "harvester-longhorn",
      storageClassParameters: { numberOfReplicas: "2", dataLocality: "disabled", migratable: "true" },
    });
    expect(at(body, "spec/storageClassParameters/other")).toBeUndefined();
    expect(at(body, "metadata/labels")).toEqual({ "harvesterhci.io/imageDisplayName": "jammy" });
    expect(at(body, "metadata/annotations")).toMatchObject({
      "harvesterhci.io/storageClassName": "harvester-longhorn",
    });
  });

  it.each([
    [{ sourceType: "download" }, 422, "url is required"],
    [{ sourceType: "upload", url }, 422, 'url should be empty when image source type is "upload"'],
    [{ sourceType: "export-from-volume" }, 422, "pvcNamespace is required"],
    [
      { sourceType: "export-from-volume", pvcNamespace: "default", pvcName: "none" },
      422,
      "failed to get pvc",
    ],
    [{ sourceType: "clone" }, 422, "sourceParameters is required"],
    [{ sourceType: "guess" }, 422, "spec.sourceType"],
    [
      { sourceType: "download", url, displayName: "not a label!" },
      422,
      "a valid label must be an empty string",
    ],
    [{ sourceType: "download", url, displayName: "jammy" }, 409, "A resource with the same name exists"],
    [{ sourceType: "download", url, retry: 11 }, 422, "spec.retry"],
  ])("is refused: %j", async (spec, status, why) => {
    const answer = await image("bad", spec);
    expect(answer.status).toBe(status);
    expect(said(answer)).toContain(why);
  });

  it("is what it is: address, source and name never change", async () => {
    const change = (spec: object) => api.ask("PATCH", `${IMAGES}/jammy`, { spec }, MERGE);
    expect(said(await change({ url: "https://x.example.org" }))).toContain("url cannot be modified");
    expect(said(await change({ displayName: "noble" }))).toContain("displayName cannot be modified");
    expect(said(await change({ sourceType: "restore" }))).toContain("sourceType cannot be modified");
    expect((await change({ description: "long term" })).status).toBe(200);
  });

  it("stays while a volume is made from it", async () => {
    const { store } = api.sim.world;
    store.edit(store.kindOf("harvesterhci.io", "virtualmachineimages"), "default", "jammy", (stored) => {
      stored["status"] = { storageClassName: "lh-jammy" };
    });
    putClaim(api.sim.world, "root", { storageClassName: "lh-jammy" });
    const refused = await api.ask("DELETE", `${IMAGES}/jammy`);
    expect(refused.status).toBe(422);
    expect(said(refused)).toContain("Cannot delete image default/jammy: being used by volume default/root");
    await api.ask("DELETE", `${CLAIMS}/root`);
    expect((await api.ask("DELETE", `${IMAGES}/jammy`)).status).toBe(200);
  });
});

describe("a key", () => {
  it("gets its fingerprint", async () => {
    const made = await api.ask("POST", `${HOME}/keypairs`, own("KeyPair", "vera", { publicKey: KEY }));
    expect(made.status).toBe(201);
    await api.sim.world.clock.advance(1_000);
    const { body } = await api.ask("GET", `${HOME}/keypairs/vera`);
    expect(at(body, "status/fingerPrint")).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){15}$/);
    expect(at(body, "status/conditions/0")).toMatchObject({ type: "validated", status: "True" });
  });

  it.each(["ssh-rsa AAAA", "hello", KEY.replace("ssh-ed25519 ", "ssh-rsa ")])(
    "is refused: %s",
    async (publicKey) => {
      const answer = await api.ask("POST", `${HOME}/keypairs`, own("KeyPair", "bad", { publicKey }));
      expect(answer).toMatchObject({
        status: 422,
        body: { reason: "Invalid", details: { causes: [{ field: "spec.publicKey" }] } },
      });
      expect(said(answer)).toContain("key is not in valid OpenSSH public key format");
    },
  );
});

describe("a template", () => {
  const versions = `${HOME}/virtualmachinetemplateversions`;
  const version = (name: string, spec: object) =>
    api.ask("POST", versions, own("VirtualMachineTemplateVersion", name, spec));

  it("goes by its first version until told otherwise, and numbers them", async () => {
    await api.ask("POST", `${HOME}/virtualmachinetemplates`, own("VirtualMachineTemplate", "web", {}));
    expect((await version("web-1", { templateId: "default/web" })).status).toBe(201);
    await api.sim.world.clock.advance(1_000);
    const { apiVersion, kind } = own("VirtualMachineTemplateVersion", "", {});
    const unnamed = await api.ask("POST", versions, {
      apiVersion,
      kind,
      metadata: {},
      spec: { templateId: "default/web" },
    });
    expect(at(unnamed.body, "metadata/name")).toMatch(/^web-[a-z0-9]{5}$/);
    await api.sim.world.clock.advance(1_000);
    const { body } = await api.ask("GET", `${HOME}/virtualmachinetemplates/web`);
    expect(at(body, "spec/defaultVersionId")).toBe("default/web-1");
    expect(at(body, "status")).toEqual({ defaultVersion: 1, latestVersion: 2 });
  });

  it("has versions that nobody edits, and one that nobody deletes", async () => {
    const edited = await api.ask("PATCH", `${versions}/web-1`, { spec: { description: "x" } }, MERGE);
    expect(edited).toMatchObject({ status: 405, body: { reason: "MethodNotAllowed" } });
    expect(said(edited)).toContain("Update templateVersion is not supported");
    const deleted = await api.ask("DELETE", `${versions}/web-1`);
    expect(deleted).toMatchObject({ status: 400, body: { reason: "BadRequest" } });
    expect(said(deleted)).toContain("Cannot delete the default templateVersion");
  });

  it("refuses versions without a template, of another place, with unknown keys or without limits", async () => {
    expect(said(await version("a", { templateId: "default/none" }))).toContain('"none" not found');
    expect(said(await version("b", { templateId: "kube-system/web" }))).toContain("same namespace");
    expect(said(await version("c", { templateId: "default/web", keyPairIds: ["default/none"] }))).toContain(
      "KeyPairID default/none is invalid",
    );
    const { spec } = machine("x", { domain: { resources: { limits: { cpu: "1" } }, devices: {} } });
    expect(said(await version("d", { templateId: "default/web", vm: { spec } }))).toContain(
      "Memory limit is an required field",
    );
  });
});

describe("other things of Harvester", () => {
  it("are refused as they should be", async () => {
    const addon = { repo: "r", chart: "c", version: "1", enabled: false, valuesContent: "" };
    put(api.sim.world, "harvesterhci.io", "addons", { name: "one", namespace: "default" }, { spec: addon });
    const twice = await api.ask("POST", `${HOME}/addons`, own("Addon", "two", addon));
    expect(twice.status).toBe(409);
    const renamed = await api.ask("PATCH", `${HOME}/addons/one`, { spec: { chart: "d" } }, MERGE);
    expect(said(renamed)).toContain("chart field cannot be changed.");
    const bundle = own("SupportBundle", "sb", { description: "x", extraCollectionNamespaces: ["nowhere"] });
    expect((await api.ask("POST", `${HOME}/supportbundles`, bundle)).status).toBe(400);
    const quota = own("ResourceQuota", "mine", {});
    expect(said(await api.ask("POST", `${HOME}/resourcequotas`, quota))).toContain(
      "name must be default-resource-quota",
    );
    const upgrade = own("Upgrade", "up", { version: "v9" });
    expect(said(await api.ask("POST", `${HOME}/upgrades`, upgrade))).toContain("version v9 is not found");
    const version = own("Version", "v9", { isoURL: "https://x.example.org/9.iso", isoChecksum: "short" });
    expect((await api.ask("POST", `${HOME}/versions`, version)).status).toBe(400);
  });
});
