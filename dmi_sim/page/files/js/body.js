// An infant, the hands that hold it and its furniture as meshes: one for each frame that moves.

import {
  BoxGeometry, BufferAttribute, BufferGeometry, CapsuleGeometry, Color, Group, Matrix4, Mesh,
  MeshBasicMaterial, MeshLambertMaterial, Quaternion, SphereGeometry, Vector3,
} from "../vendor/three.min.js";
import { PER_FRAME } from "./frames.js";
import { isUnderRomper, Romper } from "./romper.js";

const SHADOW = "#6b5a44";

const SMALL_M = 0.016; // below, as fingers, toes and cheeks are, few corners look round

function geometryOf(part, isCoarse) {
  const [x, y, z] = part.size_m;
  if (part.kind === "box") return new BoxGeometry(2 * x, 2 * y, 2 * z);
  if (part.kind === "ellipsoid") {
    const around = isCoarse || Math.max(x, y, z) < SMALL_M ? 10 : 24;
    return new SphereGeometry(1, around, Math.round(around / 1.5)).scale(x, y, z);
  }
  const [caps, around] = isCoarse || x < SMALL_M ? [2, 8] : [5, 16];
  return new CapsuleGeometry(x, y, caps, around).rotateX(Math.PI / 2);
}

function placed(part, colours, isCoarse = false) {
  const turn = new Quaternion(...part.quaternion);
  const pose = new Matrix4().compose(new Vector3(...part.position_m), turn, new Vector3(1, 1, 1));
  const geometry = geometryOf(part, isCoarse).applyMatrix4(pose);
  const colour = new Color(colours[part.role]);
  const count = geometry.attributes.position.count;
  const painted = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) colour.toArray(painted, 3 * i);
  geometry.setAttribute("color", new BufferAttribute(painted, 3));
  return geometry;
}

// One geometry of several, so that a frame is drawn in one go.
function merged(geometries) {
  const names = ["position", "normal", "color"];
  const out = new BufferGeometry();
  for (const name of names) {
    const arrays = geometries.map((one) => one.attributes[name].array);
    const whole = new Float32Array(arrays.reduce((sum, one) => sum + one.length, 0));
    arrays.reduce((at, one) => (whole.set(one, at), at + one.length), 0);
    out.setAttribute(name, new BufferAttribute(whole, 3));
  }
  const index = [];
  let first = 0;
  for (const one of geometries) {
    for (const corner of one.index.array) index.push(first + corner);
    first += one.attributes.position.count;
  }
  out.setIndex(index);
  return out;
}

export class Body {
  constructor(scene, own) {
    const colours = { ...scene.colours, ...own };
    this.scene = scene;
    this.group = new Group();
    this.shadow = new Group();
    this.ghost = new Group();
    this.meshes = new Map();
    const solid = new MeshLambertMaterial({ vertexColors: true });
    const pale = new MeshBasicMaterial({ color: "#8fa3b8", transparent: true, opacity: 0.3 });
    const dark = new MeshBasicMaterial({
      color: SHADOW, transparent: true, opacity: 0.2, depthWrite: false, stencilWrite: true,
      stencilRef: 1, stencilFunc: 517 /* NotEqual */, stencilZPass: 7681 /* Replace */,
    });
    const byFrame = new Map(scene.parts.map((part) => [part.frame, []]));
    for (const part of scene.parts) byFrame.get(part.frame).push(part);
    const adding = (geometry) => (group, material) => {
      const mesh = new Mesh(geometry, material);
      mesh.matrixAutoUpdate = false;
      mesh.frustumCulled = false; // what moves is nearly always seen
      group.add(mesh);
      return mesh;
    };
    this.romper = new Romper(scene, colours);
    const addRomper = adding(this.romper.geometry);
    addRomper(this.group, solid);
    this.romperShadow = addRomper(this.shadow, dark);
    for (const [frame, parts] of byFrame) {
      const seen = parts.filter((part) => !isUnderRomper(scene, part));
      const shown = seen.length ? seen : [speck(frame)];
      const add = adding(merged(shown.map((part) => placed(part, colours))));
      const addFlat = adding(merged(shown.map((part) => placed(part, colours, true)))); // few corners do for a shadow
      const geometry = merged(parts.map((part) => placed(part, colours)));
      const isBody = frame < scene.frames.indexOf("left_hand");
      this.meshes.set(frame, {
        mesh: add(this.group, solid),
        shadow: scene.frames[frame] === "world" ? null : addFlat(this.shadow, dark),
        ghost: isBody ? adding(geometry)(this.ghost, pale) : null,
      });
    }
    this.ghost.visible = false;
    this.poses = null;
  }

  move(poses) {
    this.poses = poses;
    this.romper.move(poses);
    this.romperShadow.matrix.copy(flattening(this.scene.floor_m));
    for (const [frame, one] of this.meshes) {
      const seen = place(one.mesh, poses, frame);
      if (!one.shadow) continue;
      one.shadow.visible = seen;
      // Flat on the floor, a little towards the right, away from the light.
      one.shadow.matrix.copy(flattening(this.scene.floor_m)).multiply(one.mesh.matrix);
    }
  }

  moveGhost(poses) {
    this.ghost.visible = Boolean(poses);
    if (!poses) return;
    for (const [frame, one] of this.meshes) if (one.ghost) place(one.ghost, poses, frame);
  }

  // The segment that a ray meets first, and the point in its frame.
  hit(ray) {
    let first = null;
    for (const [frame, { mesh, ghost }] of this.meshes) {
      if (!ghost || !mesh.visible) continue;
      const solid = new Mesh(ghost.geometry, ghost.material);
      solid.matrixWorld.copy(mesh.matrix);
      const [hit] = ray.intersectObject(solid);
      if (hit && hit.distance < (first?.distance ?? Infinity)) {
        const point = hit.point.clone().applyMatrix4(mesh.matrix.clone().invert());
        first = { frame, segment: this.scene.frames[frame], point, distance: hit.distance };
      }
    }
    return first;
  }

  // A point of a frame in the world.
  point(frame, x, y, z) {
    const mesh = this.meshes.get(frame)?.mesh;
    return mesh ? new Vector3(x, y, z).applyMatrix4(mesh.matrix) : null;
  }

  dispose() {
    this.romper.geometry.dispose();
    for (const { mesh, ghost } of this.meshes.values()) {
      mesh.geometry.dispose();
      ghost?.geometry.dispose();
    }
  }
}

// So little that it is not seen, where the skin of the trunk stands in place of a solid.
function speck(frame) {
  return { frame, role: "shirt", kind: "box", size_m: [1e-4, 1e-4, 1e-4], position_m: [0, 0, 0], quaternion: [0, 0, 0, 1] };
}

const turn = new Quaternion();
const at = new Vector3();
const one = new Vector3(1, 1, 1);

function place(mesh, poses, frame) {
  const i = frame * PER_FRAME;
  mesh.visible = !Number.isNaN(poses[i]);
  if (!mesh.visible) return false;
  at.set(poses[i], poses[i + 1], poses[i + 2]);
  turn.set(poses[i + 3], poses[i + 4], poses[i + 5], poses[i + 6]).normalize();
  mesh.matrix.compose(at, turn, one);
  return true;
}

function flattening(floor) {
  return new Matrix4().set(1, 0, -0.25, 0.25 * floor, 0, 1, 0.3, -0.3 * floor, 0, 0, 0, floor + 0.001, 0, 0, 0, 1);
}
