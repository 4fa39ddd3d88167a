import { parse, stringify } from "yaml";
import { mask } from "./mask.ts";

/** Names of fields whose text is a secret. */
const secretName =
  /^(?:.*[-_.])?(?:password|passwd|passphrase|secret|secretkey|accesskey|apikey|privatekey|bearertoken|authtoken|accesstoken|refreshtoken|idtoken|identitytoken|credentials?)$/i;
const secretCompound =
  /(?:password|passwd|passphrase|secret_?access_?key|secret_?key|access_?key_?id|private_?key|client-key-data|api_?key|bearer_?token|auth_?token|access_?token|refresh_?token)$/i;

// `auth` is a user and a password in base64 where registries are configured.
const exactNames = new Set(["token", "hashed_passwd", "auth", "kubeconfig", "kube_config", "kubeconfigdata"]);

/** Whether a field of this name holds a secret when its value is a text. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) || secretCompound.test(name) || exactNames.has(name.toLowerCase());
}

const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^/@\s:]+:[^/@\s]+@/gi;

const cloudConfig = /^\s*(?:##[^\n]*\n\s*)?#cloud-config\b/;
/** A first start that is described in parts, or by Windows' answer file. */
const firstStart =
  /^Content-Type:\s*multipart\/|text\/(?:cloud-config|x-shellscript)|<(?:\w+:)?unattend[\s>]/im;

/**
 * A text without what gives itself away: private keys, kubeconfigs and answer files go whole, a cloud-config but for its
 * harmless parts, of URLs the passwords.
 */
export function redactText(text: string): string {
  if (text.length < 8) return text;
  if (privateKey.test(text) || isKubeconfig(text)) return mask;
  if (text.length > 32 && firstStart.test(text)) return mask;
  if (cloudConfig.test(text)) return redactUserData(text);
  return text.includes("://") ? text.replace(userInfo, `$1${mask}@`) : text;
}

function isKubeconfig(text: string): boolean {
  return (
    /client-key-data:|"client-key-data"/.test(text) ||
    (/kind"?:\s*"?Config\b/.test(text) && /users"?:/.test(text))
  );
}

/** Top-level keys of a cloud-config that hold no secret; of all others the value goes. */
const harmless = new Set(
  "hostname fqdn prefer_fqdn_over_hostname manage_etc_hosts package_update package_upgrade package_reboot_if_required packages timezone locale ssh_pwauth disable_root ssh_authorized_keys ssh_import_id growpart resize_rootfs ntp swap bootcmd_order final_message".split(
    " ",
  ),
);
const harmlessOfUser = new Set(
  "name gecos groups primary_group homedir shell sudo lock_passwd no_create_home system ssh_authorized_keys ssh_import_id uid inactive expiredate".split(
    " ",
  ),
);

/** User data of cloud-init: of a cloud-config its harmless parts stay, anything else goes whole. */
export function redactUserData(text: string): string {
  if (text.trim() === "" || text === mask) return text;
  if (!/^#cloud-config\s*$/m.test(text.split("\n", 1)[0] ?? "")) return mask;
  const config = readYaml(text);
  if (typeof config !== "object" || config === null || Array.isArray(config)) return mask;
  const kept = Object.entries(config).map(([key, value]) => {
    if (key === "users" && Array.isArray(value)) return [key, value.map(redactUser)];
    return [key, harmless.has(key) ? value : mask];
  });
  return `#cloud-config\n${stringify(Object.fromEntries(kept))}`;
}

function redactUser(user: unknown): unknown {
  if (typeof user !== "object" || user === null) return user;
  return Object.fromEntries(
    Object.entries(user).map(([key, value]) => [key, harmlessOfUser.has(key) ? value : mask]),
  );
}

/** YAML or JSON kept in a text (network data, values of a chart, a setting): secrets by the names of their fields. */
export function redactStructuredText(text: string): string {
  if (text.trim() === "") return text;
  const isJson = /^\s*[{[]/.test(text);
  const value = isJson ? readJson(text) : readYaml(text);
  if (value === undefined) return mask;
  if (typeof value !== "object" || value === null) return redactText(text);
  const redacted = redactNamed(value);
  if (redacted === value) return redactText(text);
  return isJson ? JSON.stringify(redacted) : stringify(redacted);
}

const assignment = /^([ \t]*(?:export[ \t]+|-[ \t]+)?["']?([\w.-]+)["']?[ \t]*[:=][ \t]*)(\S.*)$/gm;

/** A file of settings kept in a text, in whatever format, line by line: what stands behind the name of a secret goes. */
export function redactConfigText(text: string): string {
  if (/^\s*[{[]/.test(text))
    return readJson(text) === undefined ? redactLines(text) : redactStructuredText(text);
  return redactLines(text);
}

function redactLines(text: string): string {
  let isWhole = true;
  const kept = text.replace(assignment, (line, before: string, name: string, value: string) => {
    if (!isSecretName(name) || value.startsWith(mask)) return line;
    // The secret is on the lines that follow.
    if (/^[|>][-+0-9]*\s*$|\\$/.test(value)) isWhole = false;
    return `${before}${mask}`;
  });
  return isWhole ? kept : mask;
}

/** One argument of a command line: `--password=x`, or the one behind `--password`. */
export function redactArgument(text: string, before: unknown): string {
  const [, name, option = ""] = /^(--?([\w.-]+)=)/.exec(text) ?? [];
  if (name !== undefined && isSecretName(option)) return `${name}${mask}`;
  const asked = typeof before === "string" ? /^--?([\w.-]+)$/.exec(before)?.[1] : undefined;
  return asked !== undefined && isSecretName(asked) && !text.startsWith("-") ? mask : redactText(text);
}

/** A value without the texts under secret names; the same value when there are none. */
export function redactNamed(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(redactNamed);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, member]) => {
    const isSecret =
      isSecretName(key) && (typeof member === "string" || typeof member === "number") && member !== "";
    const next = isSecret ? mask : redactNamed(member);
    changed ||= next !== member;
    return [key, next] as const;
  });
  return changed ? Object.fromEntries(entries) : value;
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 20, logLevel: "error" });
  } catch {
    return undefined;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
