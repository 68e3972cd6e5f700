// The trunk as one smooth skin over its four segments, so that a bent back has no seams.

import { BufferAttribute, BufferGeometry, CatmullRomCurve3, Color, DynamicDrawUsage, Quaternion, Vector3 } from "../vendor/three.min.js";
import { PER_FRAME } from "./frames.js";

const TRUNK = ["pelvis", "lumbar", "lower_thorax", "upper_thorax"];
const RINGS = 15;
const AROUND = 22;
const TROUSERS = 0.3; // share of the trunk that trousers cover

// The solids of the trunk that the skin stands in place of; the pelvis stays, as what one sits on.
export function isUnderRomper(scene, part) {
  return part.kind === "ellipsoid" && part.role === "shirt" && TRUNK.includes(scene.frames[part.frame]);
}

// Whether a body has a trunk as bodies of this engine have: a recording may be of another.
export function hasTrunk({ frames, parts }) {
  return TRUNK.every((name) => parts.some((one) => frames[one.frame] === name && one.kind === "ellipsoid"));
}

export class Romper {
  constructor(scene, colours) {
    this.segments = TRUNK.map((name) => {
      const frame = scene.frames.indexOf(name);
      const part = scene.parts.find((one) => one.frame === frame && one.kind === "ellipsoid");
      return { frame, centre: new Vector3(...part.position_m), half: part.size_m };
    });
    this.geometry = new BufferGeometry();
    const count = RINGS * AROUND + 2;
    const whole = (size) => new BufferAttribute(new Float32Array(count * size), size).setUsage(DynamicDrawUsage);
    this.geometry.setAttribute("position", whole(3));
    this.geometry.setAttribute("color", whole(3));
    this.geometry.setIndex(faces());
    const paint = this.geometry.attributes.color.array;
    for (let i = 0; i < count; i++) {
      const share = i >= RINGS * AROUND ? i - RINGS * AROUND : Math.floor(i / AROUND) / (RINGS - 1);
      new Color(colours[share < TROUSERS ? "trousers" : "shirt"]).toArray(paint, 3 * i);
    }
  }

  move(poses) {
    const turns = this.segments.map(({ frame }) => {
      const i = frame * PER_FRAME;
      return new Quaternion(poses[i + 3], poses[i + 4], poses[i + 5], poses[i + 6]).normalize();
    });
    const world = (point, k) => {
      const i = this.segments[k].frame * PER_FRAME;
      return point.clone().applyQuaternion(turns[k]).add(new Vector3(poses[i], poses[i + 1], poses[i + 2]));
    };
    const last = this.segments.length - 1;
    const end = (k, sign) => {
      const { centre, half } = this.segments[k];
      return world(centre.clone().add(new Vector3(0, 0, sign * half[2] * 0.96)), k);
    };
    const spine = new CatmullRomCurve3([
      end(0, -1), ...this.segments.map(({ centre }, k) => world(centre, k)), end(last, 1),
    ]);
    const array = this.geometry.attributes.position.array;
    const put = (i, point) => point.toArray(array, 3 * i);
    for (let ring = 0; ring < RINGS; ring++) {
      const share = ring / (RINGS - 1);
      const place = Math.min(last, Math.max(0, share * (last + 2) - 1)); // in segments
      const k = Math.min(last - 1, Math.floor(place));
      const turn = turns[k].clone().slerp(turns[k + 1], place - k);
      const [x, y] = [0, 1].map((axis) => {
        const [from, to] = [this.segments[k].half[axis], this.segments[k + 1].half[axis]];
        return from + (to - from) * (place - k);
      });
      const centre = spine.getPoint(0.02 + 0.96 * share);
      const round = Math.sqrt(Math.max(0.05, 1 - Math.abs(2 * share - 1) ** 5)); // rounded ends
      for (let j = 0; j < AROUND; j++) {
        const angle = (2 * Math.PI * j) / AROUND;
        const out = new Vector3(x * round * Math.cos(angle), y * round * Math.sin(angle), 0);
        put(ring * AROUND + j, out.applyQuaternion(turn).add(centre));
      }
    }
    put(RINGS * AROUND, spine.getPoint(0));
    put(RINGS * AROUND + 1, spine.getPoint(1));
    this.geometry.attributes.position.needsUpdate = true;
    this.geometry.computeVertexNormals();
  }
}

function faces() {
  const index = [];
  for (let ring = 0; ring < RINGS - 1; ring++) {
    for (let j = 0; j < AROUND; j++) {
      const [a, b] = [ring * AROUND + j, ring * AROUND + ((j + 1) % AROUND)];
      index.push(a, b, a + AROUND, b, b + AROUND, a + AROUND);
    }
  }
  const [low, high, top] = [RINGS * AROUND, RINGS * AROUND + 1, (RINGS - 1) * AROUND];
  for (let j = 0; j < AROUND; j++) {
    const next = (j + 1) % AROUND;
    index.push(low, next, j, high, top + j, top + next);
  }
  return index;
}
