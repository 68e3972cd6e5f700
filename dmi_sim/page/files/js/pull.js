// A pull on a part of the body: a spring between where it was taken and where the pointer is now.

import { Raycaster, Vector2, Vector3 } from "../vendor/three.min.js";
import { number } from "./words.js";

const SPRING_N_M = 120;
const LARGEST_N = 25;
const EVERY_MS = 66;

export class Pull {
  constructor(pane, act) {
    Object.assign(this, { pane, act, taken: null, timer: 0 });
    this.line = document.createElement("div");
    this.line.className = "spring";
    this.line.hidden = true;
    this.told = document.createElement("p");
    this.told.className = "label newtons";
    this.told.hidden = true;
    pane.view.append(this.line, this.told);
  }

  // Take what is seen at a place of the pane; whether there is anything.
  begin(stage, body, at) {
    const hit = body.hit(stage.ray(this.pane.who, at));
    if (!hit) return false;
    this.taken = { ...hit, stage, body, at };
    this.timer = setInterval(() => this.send(), EVERY_MS);
    return true;
  }

  move(at) {
    if (this.taken) this.taken.at = at;
  }

  end() {
    if (!this.taken) return;
    clearInterval(this.timer);
    const { segment } = this.taken;
    this.taken = null;
    this.line.hidden = this.told.hidden = true;
    this.act({ type: "pull", infant: this.pane.who, segment, force_n: [0, 0, 0] });
  }

  send() {
    const { segment } = this.taken;
    this.act({ type: "pull", infant: this.pane.who, segment, force_n: this.force().toArray() });
  }

  // Force in the plane of the picture [N].
  force() {
    const { stage, at } = this.taken;
    const here = this.here();
    const out = stage.under(this.pane.who, at, here).sub(here).multiplyScalar(SPRING_N_M);
    return out.clampLength(0, 0.999 * LARGEST_N);
  }

  here() {
    const { body, frame, point } = this.taken;
    return body.point(frame, point.x, point.y, point.z);
  }

  // Draw the spring from the body to the pointer.
  draw() {
    if (!this.taken) return;
    const { stage, at } = this.taken;
    const from = stage.seen(this.pane.who, this.here());
    const [x, y] = [at.x - from.x, at.y - from.y];
    this.line.hidden = this.told.hidden = false;
    this.line.style.width = `${Math.hypot(x, y)}px`;
    this.line.style.transform = `translate(${from.x}px, ${from.y}px) rotate(${Math.atan2(y, x)}rad)`;
    this.told.style.left = `${Math.min(Math.max(at.x, 40), this.pane.view.clientWidth - 40)}px`;
    this.told.style.top = `${Math.max(0, at.y - 40)}px`;
    this.told.textContent = `${number(this.force().length())} N`;
  }
}

// The ray through a place of a pane of this width and height.
export function rayThrough(camera, { x, y }, { width, height }) {
  const ray = new Raycaster();
  ray.setFromCamera(new Vector2((2 * x) / width - 1, 1 - (2 * y) / height), camera);
  return ray;
}

// Where a ray meets the plane that stands across the camera's view in a point.
export function onPlane(ray, camera, point) {
  const across = camera.getWorldDirection(new Vector3());
  const { origin, direction } = ray.ray;
  const away = point.clone().sub(origin).dot(across) / direction.dot(across);
  return origin.clone().addScaledVector(direction, away);
}
