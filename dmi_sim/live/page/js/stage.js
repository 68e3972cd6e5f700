// Both infants in one canvas, each seen through its own pane by the same camera.

import {
  AmbientLight, BufferAttribute, BufferGeometry, CircleGeometry, Color, DirectionalLight, HemisphereLight,
  LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial, PerspectiveCamera, Scene, Vector3, WebGLRenderer,
} from "../vendor/three.min.js";

const DIRECTIONS = { 1: [48, 15], 2: [90, 8], 3: [2, 14] }; // azimuth and elevation [deg]
const FIELD_DEG = 27;
const DEAD_ZONE_M = 0.25;
const MARGIN = 1.08;

export class Stage {
  constructor(canvas, panes, onResize) {
    this.canvas = canvas;
    this.panes = panes;
    this.camera = 1;
    this.places = new Map();
    try {
      this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, stencil: true });
    } catch {
      this.renderer = null; // words, numbers and the chart go on
      return;
    }
    this.renderer.setClearColor("#000000", 0);
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 1.5));
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
    const angles = DIRECTIONS[this.camera].map((angle) => (angle * Math.PI) / 180);
    const half = Math.tan((FIELD_DEG * Math.PI) / 360);
    const away = Math.max(...[...this.places].map(([who, place]) => {
      const { width, height } = this.panes[who].getBoundingClientRect();
      place.camera.aspect = width / Math.max(1, height);
      return MARGIN * needed(place.half, angles, half, place.camera.aspect);
    }));
    const [azimuth, elevation] = angles;
    for (const { camera, middle, body, shift } of this.places.values()) {
      follow(shift, body.poses, middle);
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

  draw() {
    this.aim();
    if (!this.renderer) return;
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

  // Where a point of the world is seen in its pane, and how far behind the glass.
  seen(who, point) {
    const box = this.panes[who].getBoundingClientRect();
    const at = point.clone().project(this.places.get(who).camera);
    return { x: ((at.x + 1) / 2) * box.width, y: ((1 - at.y) / 2) * box.height, depth: at.z };
  }
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

function follow(shift, poses, middle) {
  if (!poses) return;
  const x = poses[0] - middle.x - shift.x;
  const y = poses[1] - middle.y - shift.y;
  const away = Math.hypot(x, y);
  const share = Math.max(0, 1 - DEAD_ZONE_M / Math.max(away, 1e-6));
  if (away > 3 * DEAD_ZONE_M && shift.length() === 0 && away < 1) return; // lying down is no walk
  shift.x += x * share * 0.2;
  shift.y += y * share * 0.2;
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
