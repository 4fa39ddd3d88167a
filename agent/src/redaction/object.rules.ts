import { mask, maskBase64 } from "./mask.ts";
import {
  isSecretName,
  redactArgument,
  redactConfigText,
  redactStructuredText,
  redactText,
  redactUserData,
} from "./texts.rules.ts";

/** What is known of an object before it is read: lists leave the kind out of their items. */
export interface ObjectContext {
  /** The plural of the request's path: `secrets`. */
  readonly resource: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const wholeSettings = new Set(["cluster-registration-url", "ssl-certificates"]);
const listMembers = ["items", "data", "rows"];
const cloudInitVolumes = ["cloudInitNoCloud", "cloudInitConfigDrive"];

/**
 * An answer of the cluster without its secrets; the very same value when it holds none. Base64 stays base64, text stays
 * text, so that clients with types read it as before.
 */
export function redactObject(value: unknown, context: ObjectContext): unknown {
  if (Array.isArray(value)) return changeItems(value, (item) => redactObject(item, context));
  if (!isFields(value)) return redactValue("", value);
  if (listMembers.some((key) => Array.isArray(value[key]))) return redactList(value, context);
  if (isSecret(value, context)) return redactSecret(value);
  if (isSetting(value, context)) return redactSetting(value);
  if (isConfigMap(value, context)) return redactConfigMap(value);
  return redactFields(value);
}

/** A list that comes whole: its items may leave out their kind. */
function redactList(list: Fields, context: ObjectContext): Fields {
  return change(list, (key, member) =>
    listMembers.includes(key) ? redactObject(member, context) : redactValue(key, member),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: Fields, context: ObjectContext): boolean {
  if (value["kind"] === "Secret") return true;
  return context.resource === "secrets" && value["kind"] === undefined;
}

function isSetting(value: Fields, context: ObjectContext): boolean {
  return value["kind"] === "Setting" || (context.resource === "settings" && value["kind"] === undefined);
}

function isConfigMap(value: Fields, context: ObjectContext): boolean {
  return value["kind"] === "ConfigMap" || (context.resource === "configmaps" && value["kind"] === undefined);
}

function changeItems(items: readonly unknown[], next: (item: unknown, at: number) => unknown): unknown {
  const kept = items.map(next);
  return kept.some((item, at) => item !== items[at]) ? kept : items;
}

function change(value: Fields, next: (key: string, member: unknown) => unknown): Fields {
  let changed = false;
  const entries = Object.entries(value).map(([key, member]) => {
    const redacted = next(key, member);
    changed ||= redacted !== member;
    return [key, redacted] as const;
  });
  return changed ? Object.fromEntries(entries) : value;
}

function redactSecret(secret: Fields): Fields {
  return change(secret, (key, member) => {
    if (key === "data" && isFields(member))
      return change(member, (_, text) => (text === "" ? text : maskBase64));
    if (key === "stringData" && isFields(member))
      return change(member, (_, text) => (text === "" ? text : mask));
    if (key === "metadata" && isFields(member)) return redactMetadata(member);
    return redactValue(key, member);
  });
}

function redactSetting(setting: Fields): Fields {
  const name = isFields(setting["metadata"]) ? setting["metadata"]["name"] : undefined;
  return change(setting, (key, member) => {
    if ((key === "value" || key === "default") && typeof member === "string" && member !== "") {
      return typeof name === "string" && wholeSettings.has(name) ? mask : redactSettingText(member);
    }
    if (key === "metadata" && isFields(member)) return redactMetadata(member);
    return redactValue(key, member);
  });
}

function redactSettingText(text: string): string {
  return /^\s*[{[]/.test(text) ? redactStructuredText(text) : redactText(text);
}

function redactConfigMap(map: Fields): Fields {
  return change(map, (key, member) => {
    if (key !== "data" || !isFields(member)) return redactValue(key, member);
    return change(member, (name, text) => {
      const kept = redactValue(name, text);
      return typeof kept === "string" ? redactConfigText(kept) : kept;
    });
  });
}

function redactFields(value: Fields): Fields {
  if (value["kind"] === "Secret") return redactSecret(value);
  if (value["kind"] === "Setting") return redactSetting(value);
  if (value["kind"] === "ConfigMap") return redactConfigMap(value);
  return change(value, redactValue);
}

function redactMetadata(metadata: Fields): Fields {
  const annotations = metadata["annotations"];
  if (!isFields(annotations)) return metadata;
  const kept = change(annotations, redactAnnotation);
  return kept === annotations ? metadata : { ...metadata, annotations: kept };
}

function redactAnnotation(key: string, text: unknown): unknown {
  if (typeof text !== "string") return text;
  if (key !== lastApplied) return isSecretName(key) ? mask : redactEmbedded(text, text);
  return redactEmbedded(text, mask);
}

/** JSON inside a text: redacted as an object; `otherwise` when it can't be read. */
function redactEmbedded(text: string, otherwise: string): string {
  if (!/^\s*[{[]/.test(text)) return redactText(text);
  try {
    const value: unknown = JSON.parse(text);
    const kept = redactObject(value, { resource: undefined });
    return kept === value ? text : JSON.stringify(kept);
  } catch {
    return otherwise;
  }
}

function redactValue(key: string, value: unknown): unknown {
  if (typeof value === "string") return redactString(key, value);
  if (Array.isArray(value)) return changeItems(value, itemRedaction(key, value));
  if (!isFields(value)) return value;
  if (key === "metadata") return redactMetadata(value);
  if (cloudInitVolumes.includes(key)) return change(value, redactCloudInit);
  // `password: { value: … }`, as outputs of the logging operator have it.
  if (isSecretName(key))
    return change(value, (name, member) => redactValue(name === "value" ? key : name, member));
  return redactFields(value);
}

function itemRedaction(key: string, items: readonly unknown[]): (item: unknown, at: number) => unknown {
  if (key === "env") return redactVariable;
  // What a backup of a machine keeps of the Secrets of its cloud-init.
  if (key === "secretBackups") return (item) => (isFields(item) ? redactSecret(item) : item);
  if (key === "args" || key === "command")
    return (item, at) =>
      typeof item === "string" ? redactArgument(item, items[at - 1]) : redactValue("", item);
  return (item) => redactValue("", item);
}

function redactString(key: string, value: string): string {
  if (value === "") return value;
  if (isSecretName(key) || /^kube_?config(?:data)?$/i.test(key)) return mask;
  if (key === "valuesContent") return redactStructuredText(value);
  return redactText(value);
}

function redactVariable(variable: unknown): unknown {
  if (!isFields(variable) || typeof variable["name"] !== "string") return redactValue("", variable);
  if (typeof variable["value"] !== "string" || variable["value"] === "") return variable;
  const kept = isSecretName(variable["name"]) ? mask : redactText(variable["value"]);
  return kept === variable["value"] ? variable : { ...variable, value: kept };
}

function redactCloudInit(key: string, value: unknown): unknown {
  if (typeof value !== "string" || value === "") return redactValue(key, value);
  if (key === "userData") return redactUserData(value);
  if (key === "networkData") return redactStructuredText(value);
  if (key === "userDataBase64") return inBase64(value, redactUserData);
  if (key === "networkDataBase64") return inBase64(value, redactStructuredText);
  return value;
}

function inBase64(text: string, redact: (text: string) => string): string {
  try {
    const plain = new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
    );
    const kept = redact(plain);
    if (kept === plain) return text;
    return btoa(String.fromCharCode(...new TextEncoder().encode(kept)));
  } catch {
    return maskBase64;
  }
}
