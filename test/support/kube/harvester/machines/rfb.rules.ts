import type { Picture } from "./picture.rules.ts";

/** How pixels go over the wire: true colour only. */
export interface PixelFormat {
  readonly bitsPerPixel: 8 | 16 | 32;
  readonly bigEndian: boolean;
  readonly max: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

const nativeFormat: PixelFormat = {
  bitsPerPixel: 32,
  bigEndian: false,
  max: [255, 255, 255],
  shift: [16, 8, 0],
};

type Stage = "version" | "security" | "init" | "running" | "closed";

/** Where one viewer of a screen is in the protocol. */
export interface RfbState {
  readonly stage: Stage;
  readonly minor: number;
  readonly waiting: Uint8Array;
  readonly format: PixelFormat;
  readonly keys: number;
  /** The number of keys that the viewer's picture shows; -1 before the first one. */
  readonly shown: number;
  /** An incremental update is wanted as soon as something changes. */
  readonly wants: boolean;
}

export interface RfbStep {
  readonly state: RfbState;
  readonly output: readonly Uint8Array[];
}

export interface Screen {
  readonly name: string;
  draw(keys: number): Picture;
}

export const greeting = new TextEncoder().encode("RFB 003.008\n");

export const beforeVersion: RfbState = {
  stage: "version",
  minor: 8,
  waiting: new Uint8Array(),
  format: nativeFormat,
  keys: 0,
  shown: -1,
  wants: false,
};

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function formatBytes({ bitsPerPixel, bigEndian, max, shift }: PixelFormat): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set([bitsPerPixel, 24, bigEndian ? 1 : 0, 1]);
  max.forEach((value, index) => {
    view(bytes).setUint16(4 + index * 2, value);
  });
  bytes.set(shift, 10);
  return bytes;
}

function formatOf(bytes: Uint8Array): PixelFormat | undefined {
  const data = view(bytes);
  const bits = data.getUint8(0);
  if (data.getUint8(3) === 0 || (bits !== 8 && bits !== 16 && bits !== 32)) return undefined;
  return {
    bitsPerPixel: bits,
    bigEndian: data.getUint8(2) !== 0,
    max: [data.getUint16(4), data.getUint16(6), data.getUint16(8)],
    shift: [data.getUint8(10), data.getUint8(11), data.getUint8(12)],
  };
}

function serverInit({ name, draw }: Screen): Uint8Array {
  const { width, height } = draw(0);
  const title = new TextEncoder().encode(name);
  const size = new Uint8Array(4);
  view(size).setUint16(0, width);
  view(size).setUint16(2, height);
  const length = new Uint8Array(4);
  view(length).setUint32(0, title.length);
  return joined(size, formatBytes(nativeFormat), length, title);
}

/** The whole picture as one raw rectangle in the viewer's pixel format. */
export function fullUpdate({ width, height, pixels }: Picture, format: PixelFormat): Uint8Array {
  const size = format.bitsPerPixel / 8;
  const out = new Uint8Array(16 + width * height * size);
  const data = view(out);
  data.setUint16(2, 1);
  data.setUint16(8, width);
  data.setUint16(10, height);
  const little = !format.bigEndian;
  const [maxRed, maxGreen, maxBlue] = format.max;
  const [red, green, blue] = format.shift;
  const scale = (value: number | undefined, max: number) => Math.round(((value ?? 0) * max) / 255);
  for (let index = 0; index < width * height; index++) {
    const value =
      ((scale(pixels[index * 3], maxRed) << red) |
        (scale(pixels[index * 3 + 1], maxGreen) << green) |
        (scale(pixels[index * 3 + 2], maxBlue) << blue)) >>>
      0;
    const at = 16 + index * size;
    if (size === 4) data.setUint32(at, value, little);
    else if (size === 2) data.setUint16(at, value, little);
    else data.setUint8(at, value);
  }
  return out;
}

interface Read {
  readonly used: number;
  readonly state: RfbState;
  readonly output?: Uint8Array;
}

const closed = (state: RfbState): RfbState => ({ ...state, stage: "closed", waiting: new Uint8Array() });

function readVersion(state: RfbState, bytes: Uint8Array): Read | undefined {
  if (bytes.length < 12) return undefined;
  const told = /^RFB 003\.(\d{3})\n$/.exec(new TextDecoder().decode(bytes.subarray(0, 12)));
  if (told === null) return { used: 12, state: closed(state) };
  const minor = Number(told[1]);
  const next = { ...state, minor };
  return minor < 7
    ? { used: 12, state: { ...next, stage: "init" }, output: Uint8Array.of(0, 0, 0, 1) }
    : { used: 12, state: { ...next, stage: "security" }, output: Uint8Array.of(1, 1) };
}

function readSecurity(state: RfbState, bytes: Uint8Array): Read | undefined {
  if (bytes.length < 1) return undefined;
  if (bytes[0] !== 1) {
    const why = new TextEncoder().encode("Security type not offered");
    const length = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, why.length);
    return { used: 1, state: closed(state), output: joined(length, why) };
  }
  const next: RfbState = { ...state, stage: "init" };
  return state.minor >= 8
    ? { used: 1, state: next, output: Uint8Array.of(0, 0, 0, 0) }
    : { used: 1, state: next };
}

function answer(state: RfbState, screen: Screen, incremental: boolean): Read {
  if (incremental && state.shown === state.keys) return { used: 10, state: { ...state, wants: true } };
  const output = fullUpdate(screen.draw(state.keys), state.format);
  return { used: 10, state: { ...state, shown: state.keys, wants: false }, output };
}

function keyPressed(state: RfbState, screen: Screen, down: boolean): Read {
  const next = down ? { ...state, keys: state.keys + 1 } : state;
  if (!next.wants || next.shown === next.keys) return { used: 8, state: next };
  return { ...answer(next, screen, false), used: 8 };
}

/** Reads one message of a viewer; undefined while it is not whole. */
function readMessage(state: RfbState, bytes: Uint8Array, screen: Screen): Read | undefined {
  if (bytes.length === 0) return undefined;
  const data = view(bytes);
  const needs = (length: number) => bytes.length >= length;
  switch (bytes[0]) {
    case 0: {
      if (!needs(20)) return undefined;
      const format = formatOf(bytes.subarray(4, 20));
      return { used: 20, state: format === undefined ? closed(state) : { ...state, format, shown: -1 } };
    }
    case 2: {
      const length = needs(4) ? 4 + data.getUint16(2) * 4 : Number.POSITIVE_INFINITY;
      return needs(length) ? { used: length, state } : undefined;
    }
    case 3:
      return needs(10) ? answer(state, screen, bytes[1] !== 0) : undefined;
    case 4:
      return needs(8) ? keyPressed(state, screen, bytes[1] !== 0) : undefined;
    case 5:
      return needs(6) ? { used: 6, state } : undefined;
    case 6: {
      const length = needs(8) ? 8 + data.getUint32(4) : Number.POSITIVE_INFINITY;
      return needs(length) ? { used: length, state } : undefined;
    }
    default:
      return { used: bytes.length, state: closed(state) };
  }
}

function read(state: RfbState, bytes: Uint8Array, screen: Screen): Read | undefined {
  switch (state.stage) {
    case "version":
      return readVersion(state, bytes);
    case "security":
      return readSecurity(state, bytes);
    case "init":
      return bytes.length < 1
        ? undefined
        : { used: 1, state: { ...state, stage: "running" }, output: serverInit(screen) };
    case "running":
      return readMessage(state, bytes, screen);
    default:
      return undefined;
  }
}

/** What a screen answers to bytes of a viewer, by the Remote Framebuffer protocol (RFC 6143). */
export function received(state: RfbState, bytes: Uint8Array, screen: Screen): RfbStep {
  const output: Uint8Array[] = [];
  let rest = joined(state.waiting, bytes);
  let here: RfbState = { ...state, waiting: new Uint8Array() };
  for (let step = read(here, rest, screen); step !== undefined; step = read(here, rest, screen)) {
    if (step.output !== undefined) output.push(step.output);
    rest = rest.subarray(step.used);
    here = step.state;
  }
  return { state: { ...here, waiting: here.stage === "closed" ? new Uint8Array() : rest.slice() }, output };
}
