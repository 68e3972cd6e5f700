// Both infants in one canvas, each seen through its own pane by the same camera.

import {
  AmbientLight, BufferAttribute, BufferGeometry, CircleGeometry, Color, DirectionalLight, HemisphereLight,
  LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial, PerspectiveCamera, Scene, Vector3, WebGLRenderer,
} from "../vendor/three.min.js";
import { PER_FRAME } from "./frames.js";
import { onPlane, rayThrough } from "./pull.js";

const DIRECTIONS = { 1: [48, 15], 2: [90, 8], 3: [2, 14] }; // azimuth and elevation [deg]
const FIELD_DEG = 27;
const DEAD_ZONE_M = 0.05;
const MARGIN = 1.08;
const SLOW_MS = 70; // between two pictures, above which they are drawn coarser
const COARSER = 0.75;
const COARSEST = 0.5;
const SEEN = 8; // pictures from which slowness is told

export class Stage {
  constructor(canvas, onResize) {
    this.canvas = canvas;
    this.panes = {};
    this.camera = 1;
    this.turned = [0, 0];
    this.places = new Map();
    try {
      this.renderer = new WebGLRenderer({ canvas, context: contextOf(canvas) });
    } catch {
      this.renderer = null; // words, numbers and the chart go on
      return;
    }
    this.renderer.setClearColor("#000000", 0);
    this.grain = Math.min(devicePixelRatio, 1.5);
    this.renderer.setPixelRatio(this.grain);
    this.paces = [];
    this.renderer.setScissorTest(true);
    this.renderer.autoClear = false;
    new ResizeObserver(() => {
      this.resize();
      onResize();
    }).observe(canvas);
    this.resize();
  }

  resize() {
    this.renderer.setSize(this.canvas.clientWidth, this.canvas.clientHeight, false);
  }

  // Panes for other infants, who come into them one by one.
  seat(panes) {
    for (const { body } of this.places.values()) body.dispose();
    this.places.clear();
    this.panes = panes;
  }

  // From one of the directions, and turned from there by degrees.
  look(camera) {
    this.camera = camera;
    this.turned = [0, 0];
  }

  turn(azimuth, elevation) {
    const up = DIRECTIONS[this.camera][1];
    this.turned = [this.turned[0] + azimuth, Math.min(85, Math.max(0, up + this.turned[1] + elevation)) - up];
  }

  // Put an infant into its pane, in place of the one before.
  put(who, body) {
    const old = this.places.get(who);
    old?.body.dispose();
    const { low_m: low, high_m: high } = body.scene;
    const middle = new Vector3(...low).add(new Vector3(...high)).multiplyScalar(0.5);
    const half = new Vector3(...high).sub(middle);
    const radius = half.length();
    const scene = new Scene();
    scene.add(...lights(), ...floor(body.scene.floor_m, middle, radius));
    scene.add(body.shadow, body.ghost, body.group);
    const camera = new PerspectiveCamera(FIELD_DEG, 1, 0.05, 30);
    camera.up.set(0, 0, 1);
    this.places.set(who, { body, scene, camera, middle, half, shift: new Vector3() });
  }

  // The larger infant decides how far away both cameras stand, so that both are to one scale.
  aim() {
    const angles = DIRECTIONS[this.camera].map((angle, i) => ((angle + this.turned[i]) * Math.PI) / 180);
    const half = Math.tan((FIELD_DEG * Math.PI) / 360);
    const away = Math.max(...[...this.places].map(([who, place]) => {
      const { width, height } = this.panes[who].getBoundingClientRect();
      if (!width) return 0; // nothing beside the other
      place.camera.aspect = width / Math.max(1, height);
      return MARGIN * needed(place.half, angles, half, place.camera.aspect);
    }));
    const [azimuth, elevation] = angles;
    for (const { camera, middle, body, shift } of this.places.values()) {
      const { aspect } = camera;
      const free = away * half * aspect - 0.55 * body.scene.length_m;
      follow(shift, body, middle, Math.max(DEAD_ZONE_M, free));
      const target = middle.clone().add(shift);
      camera.position.set(
        target.x + away * Math.cos(elevation) * Math.cos(azimuth),
        target.y - away * Math.cos(elevation) * Math.sin(azimuth),
        target.z + away * Math.sin(elevation),
      );
      camera.lookAt(target);
      camera.updateProjectionMatrix();
      camera.updateMatrixWorld();
    }
  }

  // Draw coarser where pictures come slowly, as on a machine that draws without a graphics card.
  pace(clock) {
    const last = this.drawnAt ?? clock;
    this.drawnAt = clock;
    if (clock - last > 1000) this.paces = []; // nothing moved
    else this.paces.push(clock - last);
    if (this.paces.length < SEEN) return;
    const middle = this.paces.sort((one, other) => one - other)[SEEN / 2];
    this.paces = [];
    if (middle < SLOW_MS || this.grain <= COARSEST) return;
    this.grain = Math.max(COARSEST, COARSER * this.grain);
    this.renderer.setPixelRatio(this.grain);
  }

  draw() {
    this.aim();
    if (!this.renderer) return;
    this.pace(performance.now());
    const whole = this.canvas.getBoundingClientRect();
    this.renderer.setScissor(0, 0, whole.width, whole.height);
    this.renderer.clear();
    for (const [who, place] of this.places) {
      const box = this.panes[who].getBoundingClientRect();
      const left = box.left - whole.left;
      const bottom = whole.bottom - box.bottom;
      this.renderer.setViewport(left, bottom, box.width, box.height);
      this.renderer.setScissor(left, bottom, box.width, box.height);
      this.renderer.clear();
      this.renderer.render(place.scene, place.camera);
    }
  }

  // The ray through a place of a pane, and the point under it that is as far away as another.
  ray(who, at) {
    return rayThrough(this.places.get(who).camera, at, this.panes[who].getBoundingClientRect());
  }

  under(who, at, point) {
    return onPlane(this.ray(who, at), this.places.get(who).camera, point);
  }

  // Where a point of the world is seen in its pane, and how far behind the glass.
  seen(who, point) {
    const box = this.panes[who].getBoundingClientRect();
    const at = point.clone().project(this.places.get(who).camera);
    return { x: ((at.x + 1) / 2) * box.width, y: ((1 - at.y) / 2) * box.height, depth: at.z };
  }
}

// Smooth edges cost four times as much, which only a graphics card has to give.
function contextOf(canvas) {
  const wanted = { alpha: true, stencil: true, depth: true, premultipliedAlpha: true };
  return canvas.getContext("webgl2", { ...wanted, antialias: true, failIfMajorPerformanceCaveat: true })
    ?? canvas.getContext("webgl2", { ...wanted, antialias: false });
}

// How far away a camera must stand to see a box whole, from the tangent of half its field.
function needed(box, [azimuth, elevation], half, aspect) {
  const [c, s] = [Math.cos(azimuth), Math.sin(azimuth)].map(Math.abs);
  const [e, f] = [Math.cos(elevation), Math.sin(elevation)];
  const across = box.x * s + box.y * c;
  const depth = (box.x * c + box.y * s) * e + box.z * f;
  const up = (box.x * c + box.y * s) * f + box.z * e;
  return 0.5 * depth + Math.max(up / half, across / (half * aspect));
}

// Whoever goes or falls out of sight is followed, as far as needed.
function follow(shift, { poses, scene }, middle, free) {
  if (!poses) return;
  const segments = scene.frames.indexOf("left_hand");
  const [x, y] = [0, 1].map((axis) => {
    const places = Array.from({ length: segments }, (_, i) => poses[i * PER_FRAME + axis]);
    return (Math.min(...places) + Math.max(...places)) / 2;
  });
  const away = [x - middle.x - shift.x, y - middle.y - shift.y];
  const share = Math.max(0, 1 - free / Math.max(Math.hypot(...away), 1e-6));
  shift.x += away[0] * share * 0.2;
  shift.y += away[1] * share * 0.2;
}

function lights() {
  const sun = new DirectionalLight("#fff4e2", 2.1);
  sun.position.set(1.2, -1.6, 3);
  return [sun, new HemisphereLight("#ffffff", "#d8c7ae", 1.5), new AmbientLight("#ffffff", 0.35)];
}

function floor(height, middle, radius) {
  const reach = Math.max(0.9, 2.2 * radius);
  const disc = new CircleGeometry(reach, 48);
  const rim = new Float32Array(disc.attributes.position.count * 4).fill(0);
  const tone = new Color("#e9dfcf");
  for (let i = 0; i < rim.length / 4; i++) rim.set([tone.r, tone.g, tone.b, i === 0 ? 1 : 0], 4 * i);
  disc.setAttribute("color", new BufferAttribute(rim, 4));
  const ground = new Mesh(disc, new MeshBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false }));
  ground.position.set(middle.x, middle.y, height - 0.002);
  ground.renderOrder = -2;
  const points = [];
  const lines = Math.floor(reach * 5);
  for (let i = -lines; i <= lines; i++) {
    const at = i / 5;
    const half = Math.sqrt(Math.max(0, reach * reach - at * at)) * 0.8;
    points.push(at, -half, 0, at, half, 0, -half, at, 0, half, at, 0);
  }
  const grid = new LineSegments(
    new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(points), 3)),
    new LineBasicMaterial({ color: "#cbbda6", transparent: true, opacity: 0.55, depthWrite: false }),
  );
  grid.position.set(middle.x, middle.y, height - 0.001);
  grid.renderOrder = -1;
  return [ground, grid];
}
