import { isTrue } from "../machines/conditions.ts";
import { screenOf } from "../machines/picture.rules.ts";
import { mustRun, type Subject } from "../subresources/subject.ts";
import { pngOf } from "./png.ts";

/** What the screen of a guest shows, as a PNG file. @throws StatusError 404, 409 */
export function screenshot(subject: Subject): Uint8Array {
  const instance = mustRun(subject);
  return pngOf(screenOf(subject.name, !isTrue(instance, "Paused"), 0));
}
