// Clothes as smooth skins: rings around the trunk, each of which moves with two segments.

import { BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, Quaternion, Vector3 } from "../vendor/three.min.js";
import { PER_FRAME } from "./frames.js";

const AROUND = 22;
const CIRCLE = Array.from({ length: AROUND }, (_, j) => (2 * Math.PI * j) / AROUND)
  .map((angle) => [Math.cos(angle), Math.sin(angle)]);

// The solids in whose place clothes are seen.
export function isUnderRomper(scene, part) {
  return part.kind === "ellipsoid" && scene.cloths.some(({ rings }) => rings.some(({ frames }) => frames.includes(part.frame)));
}

export class Romper {
  constructor(scene, colours) {
    this.cloths = scene.cloths;
    this.geometry = new BufferGeometry();
    const counts = this.cloths.map(({ rings }) => rings.length * AROUND + 2);
    const count = counts.reduce((sum, one) => sum + one, 0);
    const whole = () => new BufferAttribute(new Float32Array(count * 3), 3).setUsage(DynamicDrawUsage);
    this.geometry.setAttribute("position", whole());
    this.geometry.setAttribute("color", whole());
    const paint = this.geometry.attributes.color.array;
    const index = [];
    this.cloths.reduce((first, { role, rings }, k) => {
      for (let i = first; i < first + counts[k]; i++) new Color(colours[role]).toArray(paint, 3 * i);
      index.push(...faces(rings.length).map((corner) => first + corner));
      return first + counts[k];
    }, 0);
    this.geometry.setIndex(index);
  }

  move(poses) {
    const position = this.geometry.attributes.position;
    let i = 0;
    const put = (point) => point.toArray(position.array, 3 * i++);
    for (const { rings } of this.cloths) {
      for (const ring of rings) for (const [c, s] of CIRCLE) put(moved(poses, ring, c, s));
      for (const ring of [rings[0], rings.at(-1)]) put(moved(poses, ring, 0, 0));
    }
    position.needsUpdate = true;
    this.geometry.computeVertexNormals();
  }
}

const turn = new Quaternion();

// A point of a ring in the world, between where its two segments would take it.
function moved(poses, { frames, share, centres_m: centres, half_axes_m: [x, y] }, c, s) {
  const [low, high] = frames.map((frame, end) => {
    const i = frame * PER_FRAME;
    turn.set(poses[i + 3], poses[i + 4], poses[i + 5], poses[i + 6]).normalize();
    const point = new Vector3(...centres[end]).add(new Vector3(x * c, y * s, 0)).applyQuaternion(turn);
    return point.add(new Vector3(poses[i], poses[i + 1], poses[i + 2]));
  });
  return low.lerp(high, share);
}

function faces(rings) {
  const index = [];
  const [low, high, top] = [rings * AROUND, rings * AROUND + 1, (rings - 1) * AROUND];
  for (let j = 0; j < AROUND; j++) {
    const next = (j + 1) % AROUND;
    for (let a = 0; a < top; a += AROUND) index.push(a + j, a + next, a + j + AROUND, a + next, a + next + AROUND, a + j + AROUND);
    index.push(low, next, j, high, top + j, top + next);
  }
  return index;
}
