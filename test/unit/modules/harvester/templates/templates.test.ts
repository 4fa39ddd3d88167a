import { afterAll, beforeAll, expect, it } from "vitest";
import { getGuest } from "../../../../../src/modules/harvester/guests/operations/get-guest.ts";
import { readMachineLog } from "../../../../../src/modules/harvester/guests/operations/read-machine-log.ts";
import { readScreenshot } from "../../../../../src/modules/harvester/guests/operations/read-screenshot.ts";
import { deleteKey } from "../../../../../src/modules/harvester/keys/operations/delete-key.ts";
import { generateKey } from "../../../../../src/modules/harvester/keys/operations/generate-key.ts";
import { importKey } from "../../../../../src/modules/harvester/keys/operations/import-key.ts";
import { listKeys } from "../../../../../src/modules/harvester/keys/operations/list-keys.ts";
import { createMachine } from "../../../../../src/modules/harvester/machines/operations/create-machine.ts";
import { getMachine } from "../../../../../src/modules/harvester/machines/operations/get-machine.ts";
import { createTemplate } from "../../../../../src/modules/harvester/templates/operations/create-template.ts";
import { createTemplateVersion } from "../../../../../src/modules/harvester/templates/operations/create-template-version.ts";
import { deleteTemplate } from "../../../../../src/modules/harvester/templates/operations/delete-template.ts";
import { deleteTemplateVersion } from "../../../../../src/modules/harvester/templates/operations/delete-template-version.ts";
import { getTemplateVersion } from "../../../../../src/modules/harvester/templates/operations/get-template-version.ts";
import { listTemplates } from "../../../../../src/modules/harvester/templates/operations/list-templates.ts";
import { updateTemplate } from "../../../../../src/modules/harvester/templates/operations/update-template.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
  await stage.advance(60_000);
});
afterAll(() => stage.stop());

const namespace = "default";
const made = {
  namespace,
  cpu: 2,
  memory: "4Gi",
  disks: [{ from: { kind: "image", image: "default/image-jammy" }, size: "10Gi" }],
  networks: [{ network: "default/vlan100" }],
};

it("makes machines from a version of a template, each with volumes of its own", async () => {
  await stage.call(createTemplate, { namespace, name: "web", description: "Web servers" });
  const first = await stage.call(createTemplateVersion, { ...made, name: "web" });
  const version = first.object?.name ?? "";
  await stage.advance(10_000);
  const read = await stage.call(getTemplateVersion, { namespace, name: version });
  expect(read).toMatchObject({ template: "default/web", cpu: 2, image: "default/image-jammy" });
  const template = `${namespace}/${version}`;
  await stage.call(createMachine, { namespace, name: "from-template", template, count: 2, memory: "2Gi" });
  await stage.advance(180_000);
  const [one, two] = await Promise.all(
    ["from-template-01", "from-template-02"].map((name) => stage.call(getMachine, { namespace, name })),
  );
  expect(one).toMatchObject({ state: "Running", cpu: 2, memoryBytes: 2 * 2 ** 30 });
  expect(one?.disks[0]?.volume).not.toBe(two?.disks[0]?.volume);
  expect(one?.networks[0]).toMatchObject({ network: "default/vlan100", binding: "bridge" });
});

it("keeps versions as they are: another one becomes the default, and only then the first may go", async () => {
  const second = await stage.call(createTemplateVersion, { ...made, name: "web", cpu: 4 });
  const name = second.object?.name ?? "";
  const { items } = await stage.call(listTemplates, { namespace });
  const before = items.find((one) => one.name === "web");
  const first = before?.defaultVersionId?.split("/")[1] ?? "";
  const refused = await stage.refused(deleteTemplateVersion, { namespace, name: first });
  expect(["forbidden", "conflict", "invalid_input"]).toContain(refused.kind);
  const foreign = await stage.refused(updateTemplate, { namespace, name: "web", defaultVersion: "nowhere" });
  expect(foreign.errors).toMatchObject([{ pointer: "/defaultVersion" }]);
  const edited = await stage.call(updateTemplate, { namespace, name: "web", defaultVersion: name });
  expect(edited.object?.defaultVersionId).toBe(`default/${name}`);
  await stage.advance(10_000);
  await stage.call(deleteTemplateVersion, { namespace, name: first });
  await stage.call(deleteTemplate, { namespace, name: "web" });
});

it("imports, makes and deletes SSH keys, and shows a private half once and nowhere else", async () => {
  const key = await stage.call(generateKey, { namespace, name: "made" });
  expect(key.privateKey).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  expect(key.object.publicKey).toMatch(/^ssh-ed25519 \S+ made$/);
  expect(JSON.stringify([stage.events, stage.calls.map(({ body }) => String(body))])).not.toContain(
    "PRIVATE",
  );
  const { publicKey } = key.object;
  await stage.call(importKey, { namespace, name: "imported", publicKey });
  await expect(stage.call(importKey, { namespace, name: "odd", publicKey: "ssh-rsa AAAA" })).rejects.toThrow(
    "OpenSSH public key",
  );
  await stage.advance(5000);
  const { items } = await stage.call(listKeys, { namespace });
  const found = items.filter(({ name }) => name === "made" || name === "imported");
  expect(found[0]?.fingerprint).toBe(found[1]?.fingerprint);
  await stage.call(deleteKey, { namespace, name: "imported" });
  expect(await stage.refused(deleteKey, { namespace, name: "imported" })).toMatchObject({
    kind: "not_found",
  });
});

it("reads the launcher's log, the guest and the screen of a machine that runs", async () => {
  const at = { namespace, name: "web-01" };
  const log = await stage.call(readMachineLog, { ...at, tail: 5 });
  expect(await new Response(log.stream).text()).toContain("virt-launcher");
  const guest = await stage.call(getGuest, at);
  expect(guest.agent).toBe(true);
  expect(guest.os?.name).toBeTruthy();
  const picture = await stage.call(readScreenshot, at);
  const bytes = new Uint8Array(await new Response(picture.stream).arrayBuffer());
  expect([...bytes.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join("")).toBe("PNG");
  const off = { namespace, name: "build-01" };
  expect(await stage.refused(readMachineLog, off)).toMatchObject({ code: "harvester.no_launcher" });
  expect(await stage.refused(getGuest, off)).toMatchObject({ code: "harvester.wrong_state" });
});

it("calls nothing but what Harvester publishes", () => {
  const strange = stage.calls
    .map(({ method, path }) => [method, path.split("?")[0] ?? ""] as const)
    .filter(([method, path]) => !isPublished(method, path));
  expect(strange).toEqual([]);
});
