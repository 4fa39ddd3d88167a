import { describe, expect, it } from "vitest";
import {
  type BodyFilter,
  documentFilter,
  lineFilter,
  objectBytes,
  Unreadable,
} from "../../../../agent/src/redaction/json-stream.ts";
import { holdsMask, mask, maskBase64 } from "../../../../agent/src/redaction/mask.ts";
import { redactObject } from "../../../../agent/src/redaction/object.rules.ts";
import { redactText, redactUserData } from "../../../../agent/src/redaction/texts.rules.ts";

const none = { resource: undefined };
const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n";

function through(filter: BodyFilter, text: string, pieceBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += pieceBytes)
    out.push(...filter.push(bytes.slice(at, at + pieceBytes)));
  out.push(...filter.end());
  return Buffer.concat(out).toString("utf8");
}

describe("objects", () => {
  it("loses the values of a Secret and keeps their names", () => {
    const secret = {
      kind: "Secret",
      metadata: { name: "s" },
      data: { userdata: "cGFzcw==", empty: "" },
      stringData: { a: "b" },
    };
    expect(redactObject(secret, none)).toEqual({
      kind: "Secret",
      metadata: { name: "s" },
      data: { userdata: maskBase64, empty: "" },
      stringData: { a: mask },
    });
    expect(atob(maskBase64)).toBe(mask);
  });

  it("knows a Secret of a list by the path of the request", () => {
    expect(redactObject({ metadata: {}, data: { a: "eA==" } }, { resource: "secrets" })).toEqual({
      metadata: {},
      data: { a: maskBase64 },
    });
    const map = { metadata: {}, data: { a: "plain" } };
    expect(redactObject(map, { resource: "configmaps" })).toBe(map);
  });

  it("finds Secrets inside other objects, and inside what kubectl last applied", () => {
    const applied = JSON.stringify({ kind: "Secret", stringData: { password: "hunter2hunter2" } });
    const object = {
      kind: "List",
      embedded: { kind: "Secret", data: { a: "eA==" } },
      metadata: {
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": applied, other: "kept" },
      },
    };
    const text = JSON.stringify(redactObject(object, none));
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain("eA==");
    expect(text).toContain("kept");
  });

  it("loses a last applied configuration that can't be read", () => {
    const broken = {
      kind: "ConfigMap",
      metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{broken" } },
    };
    expect(JSON.stringify(redactObject(broken, none))).not.toContain("broken");
  });

  it("loses passwords and keys in cloud-init of a machine, plain and in base64", () => {
    const userData =
      "#cloud-config\nhostname: web\npassword: swordfish1\nusers:\n  - name: ann\n    passwd: $6$hash\n    ssh_authorized_keys: [ssh-ed25519 AAAA]\nruncmd:\n  - echo swordfish1\n";
    const networkData = "version: 2\nwifis:\n  w0:\n    password: swordfish1\n";
    const vm = {
      kind: "VirtualMachine",
      spec: {
        template: {
          spec: {
            volumes: [
              { name: "a", cloudInitNoCloud: { userData, networkData } },
              {
                name: "b",
                cloudInitConfigDrive: {
                  userDataBase64: btoa(userData),
                  networkDataBase64: btoa(networkData),
                },
              },
            ],
          },
        },
      },
    };
    const kept = redactObject(vm, none) as typeof vm;
    const [plain, encoded] = kept.spec.template.spec.volumes;
    const all = [
      plain?.cloudInitNoCloud?.userData,
      plain?.cloudInitNoCloud?.networkData,
      atob(encoded?.cloudInitConfigDrive?.userDataBase64 ?? ""),
      atob(encoded?.cloudInitConfigDrive?.networkDataBase64 ?? ""),
    ].join("\n");
    expect(all).not.toMatch(/swordfish1|\$6\$hash/);
    expect(all).toContain("hostname: web");
    expect(all).toContain("ssh-ed25519 AAAA");
  });

  it("loses the keys of a backup target, certificates and registration addresses in settings", () => {
    const value = JSON.stringify({
      type: "s3",
      bucketName: "b",
      accessKeyId: "AKIA123",
      secretAccessKey: "verysecret",
    });
    const target = redactObject({ kind: "Setting", metadata: { name: "backup-target" }, value }, none);
    expect(JSON.stringify(target)).not.toMatch(/verysecret|AKIA123/);
    expect(JSON.stringify(target)).toContain("bucketName");
    const url = { metadata: { name: "cluster-registration-url" }, value: "https://r/v3/import/token.yaml" };
    expect(redactObject(url, { resource: "settings" })).toMatchObject({ value: mask });
    const plain = { kind: "Setting", metadata: { name: "log-level" }, value: "info" };
    expect(redactObject(plain, none)).toBe(plain);
  });

  it("loses kubeconfigs, private keys, passwords in addresses, in variables and in values of charts", () => {
    const object = {
      kind: "Anything",
      status: {
        kubeConfig: "apiVersion: v1",
        note: `before ${pem}`,
        proxy: "http://me:letmein99@proxy:3128",
      },
      spec: {
        valuesContent: "a: 1\nadminPassword: letmein99\n",
        containers: [
          {
            env: [
              { name: "DB_PASSWORD", value: "letmein99" },
              { name: "PORT", value: "80" },
            ],
          },
        ],
      },
    };
    const text = JSON.stringify(redactObject(object, none));
    expect(text).not.toMatch(/letmein99|MIIE|apiVersion: v1/);
    expect(text).toContain('"value":"80"');
    expect(text).toContain("proxy:3128");
  });

  it("gives back the very same value when there is nothing to hide", () => {
    const node = {
      kind: "Node",
      metadata: { name: "n", labels: { a: "b" } },
      spec: { secretRef: { name: "x" }, tokenFile: "t" },
    };
    expect(redactObject(node, none)).toBe(node);
  });

  it("marks what it took, so that it is not written back", () => {
    expect(holdsMask(JSON.stringify({ data: { a: maskBase64 } }))).toBe(true);
    expect(holdsMask(JSON.stringify({ password: mask }))).toBe(true);
    expect(holdsMask("{}")).toBe(false);
  });

  it("lets no user data through that is no cloud-config", () => {
    expect(redactUserData("#!/bin/sh\necho secret")).toBe(mask);
    expect(redactUserData("#cloud-config\na: [1, {")).toBe(mask);
    expect(redactText("short")).toBe("short");
  });
});

describe("streams", () => {
  const items = [
    { metadata: { name: "a" }, data: { k: "c2VjcmV0" } },
    { metadata: { name: 'b"]},{[' }, data: { k: "c2VjcmV0" }, nested: [[{ x: ["]"] }]] },
  ];
  const list = {
    kind: "SecretList",
    apiVersion: "v1",
    metadata: { resourceVersion: "7", note: "items" },
    items,
  };

  it.each([1, 2, 3, 7, 64, 100_000])(
    "hides in a list that comes in pieces of %i bytes, and keeps it JSON",
    (size) => {
      const text = through(
        documentFilter({ resource: "secrets" }),
        JSON.stringify(list, null, size % 2),
        size,
      );
      const kept = JSON.parse(text) as typeof list;
      expect(kept.metadata).toEqual(list.metadata);
      expect(kept.items.map(({ metadata }) => metadata)).toEqual(items.map(({ metadata }) => metadata));
      expect(text).not.toContain("c2VjcmV0");
    },
  );

  it("leaves an empty list, a list of texts and members after the list as they are", () => {
    for (const value of [
      { items: [] },
      { items: ["a", 1, null] },
      { data: [{ a: 1 }], sort: { password: "x".repeat(9) } },
      { items: [], a: 1, b: [1] },
    ]) {
      const kept = JSON.parse(through(documentFilter(none), JSON.stringify(value), 3)) as Record<
        string,
        unknown
      >;
      expect(Object.keys(kept)).toEqual(Object.keys(value));
    }
    const text = through(documentFilter(none), JSON.stringify({ items: [], password: "hunter2hunter2" }), 5);
    expect(JSON.parse(text)).toEqual({ items: [], password: mask });
  });

  it("hides in one object, also where `data` comes before `kind`", () => {
    const text = through(
      documentFilter(none),
      JSON.stringify({ apiVersion: "v1", data: { a: "c2VjcmV0" }, kind: "Secret" }),
      4,
    );
    expect(JSON.parse(text)).toMatchObject({ data: { a: maskBase64 } });
  });

  it("hides in the lines of a watch", () => {
    const lines = items.map((object) => `${JSON.stringify({ type: "ADDED", object })}\n`).join("");
    const kept = through(lineFilter({ resource: "secrets" }), `${lines}\n`, 5)
      .trim()
      .split("\n");
    expect(kept).toHaveLength(2);
    expect(kept.map((line) => JSON.parse(line).object.data.k)).toEqual([maskBase64, maskBase64]);
  });

  it("refuses what breaks off, what is no JSON and what is too large to be looked through", () => {
    expect(() => through(documentFilter(none), '{"items":[{"a":1}', 4)).toThrow(Unreadable);
    expect(() => through(documentFilter(none), "no json", 4)).toThrow(Unreadable);
    expect(() => through(lineFilter(none), "{broken\n", 4)).toThrow(Unreadable);
    const filter = documentFilter(none);
    const piece = new Uint8Array(1024 * 1024).fill(0x20);
    expect(() => {
      for (let sent = 0; sent <= objectBytes; sent += piece.byteLength) filter.push(piece);
    }).toThrow(Unreadable);
  });

  it("holds no more of a long list than one element", () => {
    const filter = documentFilter({ resource: "pods" });
    const element = new TextEncoder().encode(
      `${JSON.stringify({ metadata: { name: "p" }, x: "y".repeat(1000) })},`,
    );
    filter.push(new TextEncoder().encode('{"items":['));
    let out = 0;
    for (let count = 0; count < 20_000; count++)
      for (const bytes of filter.push(element)) out += bytes.byteLength;
    expect(out).toBeGreaterThan(20_000 * 1000);
  });
});
