import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settingDefaults } from "../../../../../support/kube/harvester/admission/setting-defaults.ts";
import { type Api, at, OWN, said, setSetting, startHarvester } from "../start-harvester.ts";

let api: Api;
beforeAll(async () => {
  api = await startHarvester();
});
afterAll(() => api.sim.stop());

describe("the settings", () => {
  it("are all there with what they are by default, as texts", async () => {
    const { body } = await api.ask("GET", `${OWN}/settings`);
    expect(at(body, "items/length")).toBe(Object.keys(settingDefaults).length);
    const one = await api.ask("GET", `${OWN}/settings/overcommit-config`);
    expect(one.body).toMatchObject({ default: '{"cpu":1000,"memory":150,"storage":100}' });
    expect(at(one.body, "value")).toBeUndefined();
  });

  it("refuse what is no text", async () => {
    const answer = await api.ask(
      "PATCH",
      `${OWN}/settings/log-level`,
      { value: 3 },
      { type: "application/merge-patch+json" },
    );
    expect(answer.status).toBe(422);
  });

  it.each([
    [
      "overcommit-config",
      '{"cpu":99,"memory":150,"storage":100}',
      "cpu",
      "Should be greater than or equal to 100 but got 99",
    ],
    ["overcommit-config", '{"cpu":100,"memory":10,"storage":100}', "memory", "but got 10"],
    ["overcommit-config", '{"cpu":100,"memory":100,"storage":1}', "storage", "but got 1"],
    ["overcommit-config", "{", "value", "Invalid JSON: {"],
    ["vm-force-reset-policy", '{"enable":true,"period":0}', "value", "period value should be greater than 0"],
    ["support-bundle-timeout", "-1", "value", "timeout can't be negative"],
    ["support-bundle-timeout", "soon", "value", "invalid syntax"],
    ["support-bundle-file-name", "Not OK", "value", "invalid file name"],
    ["additional-guest-memory-overhead-ratio", "11", "value", "can't be greater than 10"],
    ["kubeconfig-default-token-ttl-minutes", "-5", "value", "can't be negative"],
    ["ntp-servers", '{"ntpServers":["http://a.example.org"]}', "value", "should not start with http://"],
    ["ntp-servers", '{"ntpServers":["a.example.org","a.example.org"]}', "value", "duplicate NTP server"],
    ["vip-pools", '{"default":"10.0.0.0/40"}', "value", "invalid CIDR"],
    ["ssl-parameters", '{"protocols":"TLSv1.2 TLSv9"}', "protocols", "unsupported SSL protocol: TLSv9"],
    [
      "http-proxy",
      '{"httpProxy":"http://p:3128","noProxy":"10.0.0.1"}',
      "value",
      "10.0.0.2, 10.0.0.3 are not covered",
    ],
    ["volume-snapshot-class", "none", "value", "not found"],
    ["backup-target", '{"type":"nfs"}', "value", "NFS backup target should have endpoint"],
    ["backup-target", '{"type":"s3","bucketName":"b","bucketRegion":"r"}', "value", "should have access key"],
    ["backup-target", '{"type":"ftp","endpoint":"x"}', "value", "Invalid backup target type"],
    [
      "backup-target",
      '{"type":"nfs","endpoint":"nfs://gone.invalid:/x"}',
      "value",
      "failed to connect to backup target",
    ],
    ["backup-target", "{", "value", "JSON"],
  ])("refuse %s = %s", async (name, value, field, why) => {
    const answer = await setSetting(api, name, value);
    expect(answer).toMatchObject({
      status: 422,
      body: { reason: "Invalid", details: { causes: [{ field }] } },
    });
    expect(said(answer)).toContain(why);
  });

  it("take what is right, and say that they are customized", async () => {
    const noProxy = "10.0.0.0/24,.svc";
    const taken = {
      "http-proxy": JSON.stringify({ httpProxy: "http://p:3128", noProxy }),
      "overcommit-config": '{"cpu":200,"memory":100,"storage":100}',
      "ntp-servers": '{"ntpServers":["0.pool.ntp.org"]}',
      "log-level": "debug",
    };
    for (const [name, value] of Object.entries(taken)) {
      expect((await setSetting(api, name, value)).status).toBe(200);
    }
    await api.sim.world.clock.advance(1_000);
    const { body } = await api.ask("GET", `${OWN}/settings/log-level`);
    expect(body).toMatchObject({ value: "debug", customized: true });
    expect(at(body, "status/conditions/0")).toMatchObject({ type: "configured", status: "True" });
  });

  it("hide the keys of a bucket, and take the target back as it is read", async () => {
    const target = {
      type: "s3",
      endpoint: "https://s3.example.org",
      bucketName: "b",
      bucketRegion: "r",
      accessKeyId: "id",
      secretAccessKey: "hush",
    };
    expect((await setSetting(api, "backup-target", JSON.stringify(target))).status).toBe(200);
    await api.sim.world.clock.advance(1_000);
    const { body } = await api.ask("GET", `${OWN}/settings/backup-target`);
    const read = String(at(body, "value"));
    expect(JSON.parse(read)).toEqual({ ...target, accessKeyId: "", secretAccessKey: "" });
    const secret = await api.ask(
      "GET",
      "/api/v1/namespaces/harvester-system/secrets/harvester-backup-target",
    );
    expect(at(secret.body, "data/AWS_SECRET_ACCESS_KEY")).toBe(Buffer.from("hush").toString("base64"));
    const again = await api.ask("PUT", `${OWN}/settings/backup-target`, Object(body));
    expect(again.status).toBe(200);
  });

  it("of which some stay", async () => {
    expect((await api.ask("DELETE", `${OWN}/settings/storage-network`)).status).toBe(405);
  });
});
