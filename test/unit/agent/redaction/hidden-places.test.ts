import { describe, expect, it } from "vitest";
import { type BodyFilter, documentFilter, lineFilter } from "../../../../agent/src/redaction/json-stream.ts";
import { maskBase64 } from "../../../../agent/src/redaction/mask.ts";
import { redactObject } from "../../../../agent/src/redaction/object.rules.ts";

const cloudConfig = "#cloud-config\npassword: hunter2hunter2\n";
const target = JSON.stringify({ type: "s3", secretAccessKey: "hunter2hunter2" });
const settings = {
  kind: "SettingList",
  items: [
    { kind: "Setting", metadata: { name: "backup-target" }, value: target },
    { metadata: { name: "backup-target" }, value: target },
  ],
};

function through(filter: BodyFilter, value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return Buffer.concat([...filter.push(bytes), ...filter.end()]).toString("utf8");
}

describe("secrets in unexpected places", () => {
  it.each<[string, object]>([
    [
      "what a backup keeps of cloud-init",
      {
        kind: "VirtualMachineBackup",
        status: { secretBackups: [{ name: "s", data: { userdata: btoa("hunter2hunter2") } }] },
      },
    ],
    ["a template of cloud-init in a ConfigMap", { kind: "ConfigMap", data: { cloudInit: cloudConfig } }],
    [
      "a template with another first line",
      { kind: "ConfigMap", data: { userData: `## template: jinja\n${cloudConfig}` } },
    ],
    [
      "an answer file of Windows",
      {
        kind: "ConfigMap",
        data: {
          "autounattend.xml":
            '<unattend xmlns="u"><Password><Value>hunter2hunter2</Value></Password></unattend>',
        },
      },
    ],
    [
      "a first start in parts",
      { kind: "X", spec: { text: `Content-Type: multipart/mixed; boundary=a\n\n--a\nhunter2hunter2` } },
    ],
    [
      "lines of properties",
      { kind: "ConfigMap", data: { "a.properties": "url=x\ndb.password=hunter2hunter2\n" } },
    ],
    ["lines of YAML", { kind: "ConfigMap", data: { "a.yaml": 'db:\n  - password: "hunter2hunter2"\n' } }],
    ["a text of several lines", { kind: "ConfigMap", data: { a: "secretKey: |\n  hunter2hunter2\n" } }],
    ["JSON in a ConfigMap", { kind: "ConfigMap", data: { "a.json": '{"a":{"password":"hunter2hunter2"}}' } }],
    [
      "a secret with its value below",
      { kind: "Output", spec: { s3: { password: { value: "hunter2hunter2" } } } },
    ],
    [
      "arguments of a command",
      {
        kind: "Pod",
        spec: { containers: [{ args: ["--db-password=hunter2hunter2", "--token", "hunter2hunter2"] }] },
      },
    ],
    ["an annotation", { kind: "Pod", metadata: { annotations: { note: cloudConfig } } }],
    [
      "credentials of a registry",
      {
        kind: "Setting",
        metadata: { name: "containerd-registry" },
        value: JSON.stringify({
          Configs: { r: { Auth: { Auth: "hunter2hunter2", IdentityToken: "hunter2hunter2" } } },
        }),
      },
    ],
    [
      "a kubeconfig in a setting",
      { kind: "Setting", metadata: { name: "rancher-cluster" }, value: '{"kubeConfig":"hunter2hunter2"}' },
    ],
  ])("are taken out of %s", (_, object) => {
    const text = JSON.stringify(redactObject(object, { resource: undefined }));
    expect(text).not.toMatch(/hunter2|aHVudGVyM/);
    expect(text).toMatch(/redacted-by-maru-agent|cmVkYWN0ZWQ/);
  });

  it("are taken out of a list that comes where a watch was expected, and of one that comes whole", () => {
    expect(through(lineFilter({ resource: "settings" }), settings)).not.toContain("hunter2");
    expect(through(documentFilter({ resource: "settings" }), settings)).not.toContain("hunter2");
    expect(through(lineFilter({ resource: "settings" }), settings)).toContain("s3");
    const secret = { metadata: {}, data: { a: "c2VjcmV0" } };
    expect(through(documentFilter({ resource: "secrets" }), [secret])).not.toContain("c2VjcmV0");
    const twice = '{"items":[{"metadata":{}}],"items":[{"metadata":{},"data":{"a":"c2VjcmV0"}}]}';
    const filter = documentFilter({ resource: "secrets" });
    const kept = Buffer.concat([...filter.push(new TextEncoder().encode(twice)), ...filter.end()]).toString();
    expect(kept).toContain(maskBase64);
    expect(kept).not.toContain("c2VjcmV0");
  });

  it("leave what is no secret as it was", () => {
    for (const object of [
      { kind: "ConfigMap", data: { "a.properties": "url=http://x/y\npasswordPolicy=strict\n", b: "text" } },
      { kind: "Pod", spec: { containers: [{ args: ["--token-file=/x", "--secret-name", "a", "run"] }] } },
      { kind: "Pod", spec: { volumes: [{ secret: { secretName: "a", defaultMode: 420 } }] } },
    ])
      expect(redactObject(object, { resource: undefined })).toBe(object);
  });

  it("in an object too deep to look through let nothing through", () => {
    const deep = `{"items":[${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}]}`;
    expect(() => documentFilter({ resource: "pods" }).push(new TextEncoder().encode(deep))).toThrow();
  });
});
